// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wechaty/puppet.hpp"

namespace wechaty::puppet::test {

/// A puppet that knows contacts, rooms and members, and counts how often it is asked. Fill it
/// before it is used. It notes the friendships that it is asked for.
class AddressBook final : public Puppet {
 public:
  explicit AddressBook(PuppetOptions options = {}) : Puppet{std::move(options)} {}
  ~AddressBook() override { stop(); }

  std::map<std::string, ContactPayload, std::less<>> contacts;
  std::map<std::string, RoomPayload, std::less<>> rooms;
  std::map<std::string, RoomMemberPayload, std::less<>> members;  ///< "room/member"
  std::function<void(std::string_view)> at_fetch;  ///< within a payload hook; may throw

  std::atomic<int> contacts_fetched = 0;
  std::atomic<int> rooms_fetched = 0;
  std::atomic<int> members_fetched = 0;
  std::atomic<int> lists_fetched = 0;

  struct Asked {
    std::string contact_id;
    FriendshipAddOptions options;
  };
  std::vector<Asked> friendships_asked;  ///< look when the call has returned

  using Puppet::receive;
  void report_message(MessagePayload message) { receive(std::move(message)); }

 protected:
  void do_start() override { login("bot"); }
  void do_stop() override {}

  ContactPayload do_contact_payload(std::string_view id) override {
    if (id == "bot") return {.id = "bot"};  // the own profile is nobody's business
    ++contacts_fetched;
    return look_up(contacts, id);
  }
  void do_friendship_add(std::string_view contact_id,
                         const FriendshipAddOptions& options) override {
    friendships_asked.push_back({.contact_id = std::string{contact_id}, .options = options});
  }
  RoomPayload do_room_payload(std::string_view id) override {
    ++rooms_fetched;
    return look_up(rooms, id);
  }
  RoomMemberPayload do_room_member_payload(std::string_view room, std::string_view id) override {
    ++members_fetched;
    return look_up(members, std::string{room} + "/" + std::string{id});
  }
  std::vector<std::string> do_contact_list() override { return keys(contacts); }
  std::vector<std::string> do_room_list() override { return keys(rooms); }
  std::vector<std::string> do_room_member_list(std::string_view room) override {
    ++lists_fetched;
    return rooms.at(std::string{room}).member_id_list;
  }

 private:
  template <class Map>
  typename Map::mapped_type look_up(const Map& map, std::string_view id) const {
    if (at_fetch) at_fetch(id);
    const auto found = map.find(id);
    if (found == map.end()) throw NotFoundError{"no " + std::string{id}};
    return found->second;
  }
  template <class Map>
  static std::vector<std::string> keys(const Map& map) {
    std::vector<std::string> ids;
    for (const auto& [id, payload] : map) ids.push_back(id);
    return ids;
  }
};

}  // namespace wechaty::puppet::test
