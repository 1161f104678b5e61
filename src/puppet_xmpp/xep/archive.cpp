// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/archive.hpp"

#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"
#include "puppet_xmpp/xep/forms.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view page_size = "50";

Element query_with(Element set) { return Element{"query", ns::mam}.add(std::move(set)); }

}  // namespace

Archive::Page Archive::after(std::string_view owner, std::string_view after) {
  Element set = Element{"set", ns::rsm}.add(Element{"max", {}, page_size});
  if (!after.empty()) set.add(Element{"after", {}, after});
  return query(owner, query_with(std::move(set)));
}

Archive::Page Archive::since(std::string_view owner, puppet::Timestamp start) {
  Element all = query_with(Element{"set", ns::rsm}.add(Element{"max", {}, page_size}));
  all.add(submit_form(ns::mam, {{"start", to_text(start)}}));
  return query(owner, std::move(all));
}

std::optional<std::string> Archive::newest(std::string_view owner) {
  const Page page = query(
      owner,
      query_with(Element{"set", ns::rsm}.add(Element{"max", {}, "1"}).add(Element{"before"})));
  if (page.messages.empty()) return std::nullopt;
  return page.messages.back().id;
}

std::optional<ArchivedMessage> Archive::find(std::string_view owner, std::string_view id) {
  try {
    Page page = query(
        owner, Element{"query", ns::mam}.add(submit_form(ns::mam, {{"ids", std::string{id}}})));
    for (ArchivedMessage& message : page.messages) {
      if (message.id == id) return std::move(message);
    }
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error&) {  // this archive knows no queries by id
  }
  return std::nullopt;
}

std::string_view Archive::to(std::string_view owner) const {
  return owner == wire_.self() ? std::string_view{} : owner;
}

Archive::Page Archive::query(std::string_view owner, Element query) {
  const std::string id = "mam-" + random_text(16);
  query.set("queryid", id);
  {
    const std::lock_guard lock{mutex_};
    queries_.emplace(id, Query{.owner = std::string{owner}, .messages = {}});
  }
  const auto take = [&] {
    const std::lock_guard lock{mutex_};
    auto messages = std::move(queries_[id].messages);
    queries_.erase(id);
    return messages;
  };
  Element answer;
  try {
    answer = request(wire_, iq_set(to(owner)).add(std::move(query)),
                     "archive of \"" + std::string{owner} + "\"");
  } catch (...) {
    take();
    throw;
  }
  const Element* const fin = answer.child("fin", ns::mam);
  return {.messages = take(), .complete = fin == nullptr || fin->attr("complete") == "true"};
}

bool Archive::handle(const Element& message) {
  const Element* const result = message.child("result", ns::mam);
  if (result == nullptr) return false;
  const Element* const forwarded = result->child("forwarded", ns::forward);
  const Element* const inner = forwarded ? forwarded->child("message", ns::client) : nullptr;
  const std::lock_guard lock{mutex_};
  const auto found = queries_.find(result->attr("queryid"));
  if (found == queries_.end() || inner == nullptr) return true;
  const std::string from = bare_jid(message.attr("from"));
  if (from != found->second.owner && !(from.empty() && found->second.owner == wire_.self())) {
    return true;
  }
  const Element* const delay = forwarded->child("delay", ns::delay);
  found->second.messages.push_back(
      {.id = std::string{result->attr("id")},
       .stamp = delay ? parse_timestamp(delay->attr("stamp")) : std::nullopt,
       .message = *inner});
  return true;
}

}  // namespace wechaty::puppet_xmpp
