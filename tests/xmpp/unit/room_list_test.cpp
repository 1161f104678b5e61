// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/room_list.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

class XmppRoomList : public testing::Test {
 protected:
  XmppRoomList() {
    memory_.load();
    start();
  }
  /// As a new process that has the same card.
  void start() {
    list_.emplace(
        bookmarks_, Card{memory_}, [this] { ++saves_; }, log_);
  }
  void expect_bookmarks(const std::vector<Bookmark>& all) {
    Element items = Element{"items", ns::pubsub}.set("node", ns::bookmarks);
    for (const Bookmark& one : all) {
      items.add(Element{"item", ns::pubsub}
                    .set("id", one.room)
                    .add(Element{"conference", ns::bookmarks}.set(
                        "autojoin", one.autojoin ? "true" : "false")));
    }
    wire_.expect(Element{"pubsub", ns::pubsub}.add(std::move(items)));
  }
  std::vector<std::string> loaded() {
    std::vector<std::string> rooms;
    for (const Bookmark& bookmark : list_->load()) rooms.push_back(bookmark.room);
    return rooms;
  }
  static Bookmark in(const std::string& room, bool autojoin = true) {
    return {.room = room, .name = "Name", .nick = "nick", .autojoin = autojoin};
  }

  FakeWire wire_;
  Bookmarks bookmarks_{wire_};
  puppet::MemoryCard memory_;
  spdlog::logger log_{"test"};
  int saves_ = 0;
  std::optional<RoomList> list_;
};

TEST_F(XmppRoomList, IsOnTheCardWhereTheServerKeepsNoBookmarks) {
  wire_.expect_error("service-unavailable");
  list_->put(in("a@c"));
  EXPECT_EQ(saves_, 1);
  start();
  wire_.expect_error("service-unavailable");
  EXPECT_EQ(list_->load(), std::vector{in("a@c")});
  wire_.expect_error("service-unavailable");
  list_->remove("a@c");
  start();
  wire_.expect_error("service-unavailable");
  EXPECT_TRUE(loaded().empty());
}

TEST_F(XmppRoomList, WhatTheServerDoesNotHaveIsOfferedToItAgain) {
  wire_.expect_error("service-unavailable");
  list_->put(in("a@c"));
  expect_bookmarks({in("b@c")});
  wire_.expect_ok();
  EXPECT_EQ(loaded(), (std::vector<std::string>{"a@c", "b@c"}));
  EXPECT_NE(wire_.asked.back().find("a@c"), std::string::npos) << wire_.asked.back();
  expect_bookmarks({in("b@c")});  // which another device has removed then
  EXPECT_EQ(loaded(), std::vector<std::string>{"b@c"});
}

TEST_F(XmppRoomList, TheServersBookmarksCountWhereItHasThem) {
  wire_.expect_error("service-unavailable");
  list_->put(in("a@c"));
  wire_.expect_ok();
  list_->put(in("b@c"));
  expect_bookmarks({in("a@c", false)});
  EXPECT_TRUE(loaded().empty());
}

TEST_F(XmppRoomList, ABookmarkThatTheServerDoesNotRemoveIsTold) {
  wire_.expect_ok();
  list_->put(in("a@c"));
  wire_.expect_error("internal-server-error");
  EXPECT_THROW(list_->remove("a@c"), puppet::Error);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
