// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/history.hpp"

#include <chrono>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/unless_refused.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr int most_pages = 5;  // that are read for what has changed a message since
constexpr int most_pages_of_a_time = 20;
constexpr int most_last_pages = 2;  // for a message of another device
// Between the clocks here and there, and while a message waits for a connection.
constexpr std::chrono::minutes tolerance{5};

/// What an archive answers; nothing where there is none, or it cannot be asked this.
template <class Ask>
Archive::Page page_of(const Ask& ask) {
  return unless_refused(ask).value_or(Archive::Page{});
}

}  // namespace

std::optional<StoredMessage> History::find(std::string_view id,
                                           const std::vector<std::string>& rooms) const {
  std::vector<std::string> owners{self_};
  owners.insert(owners.end(), rooms.begin(), rooms.end());
  for (const auto& owner : owners) {
    if (auto found = find_in(owner, id)) return as_of_now(owner, *std::move(found));
  }
  for (const auto& owner : owners) {
    if (auto found = find_among_last(owner, id)) return as_of_now(owner, *std::move(found));
  }
  return std::nullopt;
}

std::optional<StoredMessage> History::find_in(const std::string& owner, std::string_view id) const {
  if (const auto time = time_of_uuid(id)) {
    if (auto found = find_about(owner, id, puppet::Timestamp{*time})) return found;
  }  // there are archives with ids of this form, too
  const auto found = archive_.find(owner, id);
  auto read = found ? inbox_.read(owner, *found) : std::nullopt;
  if (read && read->payload.id != id) read.reset();  // one of our own, which has another id
  return read;
}

std::optional<StoredMessage> History::find_about(const std::string& owner, std::string_view id,
                                                 puppet::Timestamp time) const {
  const ArchiveFilter about{.start = time - tolerance, .end = time + tolerance};
  std::string place;
  for (int i = 0; i < most_pages_of_a_time; ++i) {
    const Archive::Page page = page_of([&] { return archive_.after(owner, place, about); });
    if (auto found = find_in_page(owner, id, page)) return found;
    if (page.complete || page.messages.empty()) break;
    place = page.messages.back().id;
  }
  return std::nullopt;
}

std::optional<StoredMessage> History::find_among_last(const std::string& owner,
                                                      std::string_view id) const {
  std::string place;
  for (int i = 0; i < most_last_pages; ++i) {
    const Archive::Page page = page_of([&] { return archive_.before(owner, place); });
    if (auto found = find_in_page(owner, id, page)) return found;
    if (page.complete || page.messages.empty()) return std::nullopt;
    place = page.messages.front().id;
  }
  return std::nullopt;
}

std::optional<StoredMessage> History::find_in_page(const std::string& owner, std::string_view id,
                                                   const Archive::Page& page) const {
  for (const ArchivedMessage& message : page.messages) {
    if (message.message.attr("id") != id && message.id != id) continue;
    auto read = inbox_.read(owner, message);
    if (read && read->payload.id == id) return read;
  }
  return std::nullopt;
}

StoredMessage History::as_of_now(const std::string& owner, StoredMessage message) const {
  const ArchiveFilter there{.with = message.in_room ? "" : bare_jid(message.conversation)};
  std::string place = message.archive_id;
  for (int i = 0; i < most_pages && !place.empty(); ++i) {
    const Archive::Page page = page_of([&] { return archive_.after(owner, place, there); });
    for (const ArchivedMessage& later : page.messages) inbox_.revise(message, owner, later);
    if (page.complete || page.messages.empty()) break;
    place = page.messages.back().id;
  }
  return message;
}

}  // namespace wechaty::puppet_xmpp
