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

/// One page of results (XEP-0059).
Element page_of(std::string_view size) {
  return Element{"set", ns::rsm}.add(Element{"max", {}, size});
}

std::optional<ArchivedMessage> take(Archive::Page page, std::string_view id) {
  for (ArchivedMessage& message : page.messages) {
    if (message.id == id) return std::move(message);
  }
  return std::nullopt;
}

}  // namespace

Archive::Page Archive::after(std::string_view owner, std::string_view after,
                             const ArchiveFilter& filter) {
  Element set = page_of(page_size);
  if (!after.empty()) set.add(Element{"after", {}, after});
  std::vector<std::pair<std::string_view, std::string>> fields;
  if (!filter.with.empty()) fields.emplace_back("with", filter.with);
  if (filter.start) fields.emplace_back("start", to_text(*filter.start));
  if (filter.end) fields.emplace_back("end", to_text(*filter.end));
  Element wanted{"query", ns::mam};
  if (!fields.empty()) wanted.add(submit_form(ns::mam, fields));
  return query(owner, std::move(wanted.add(std::move(set))));
}

Archive::Page Archive::before(std::string_view owner, std::string_view before) {
  Element set = page_of(page_size).add(Element{"before", {}, before});
  return query(owner, Element{"query", ns::mam}.add(std::move(set)));
}

std::optional<std::string> Archive::newest(std::string_view owner) {
  const Page page =
      query(owner, Element{"query", ns::mam}.add(page_of("1").add(Element{"before"})));
  if (page.messages.empty()) return std::nullopt;
  return page.messages.back().id;
}

std::optional<ArchivedMessage> Archive::find(std::string_view owner, std::string_view id) {
  try {
    try {
      auto found = take(query(owner, Element{"query", ns::mam}.add(
                                         submit_form(ns::mam, {{"ids", std::string{id}}}))),
                        id);
      if (found) return found;  // else the archive has not understood
    } catch (const puppet::TimeoutError&) {
      throw;
    } catch (const puppet::CancelledError&) {
      throw;
    } catch (const puppet::NotFoundError&) {
      return std::nullopt;
    } catch (const puppet::Error&) {  // it knows no queries by id
    }
    return find_between_others(owner, id);
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error&) {
    return std::nullopt;
  }
}

/// What comes after the one before it.
std::optional<ArchivedMessage> Archive::find_between_others(std::string_view owner,
                                                            std::string_view id) {
  const Page before =
      query(owner, Element{"query", ns::mam}.add(page_of("1").add(Element{"before", {}, id})));
  Element set = page_of("1");
  if (!before.messages.empty()) set.add(Element{"after", {}, before.messages.back().id});
  return take(query(owner, Element{"query", ns::mam}.add(std::move(set))), id);
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
