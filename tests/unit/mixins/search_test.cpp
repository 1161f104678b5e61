// SPDX-License-Identifier: Apache-2.0
// The searches of the base, on what it has to fetch. Source: wechaty-puppet's mixins.
#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <string>
#include <vector>

#include "support/address_book.hpp"
#include "support/event_log.hpp"

namespace wechaty::puppet {
namespace {

using Ids = std::vector<std::string>;

class SearchTest : public testing::Test {
 protected:
  void SetUp() override {
    book_.contacts = {{"alice", {.id = "alice", .name = "Alice", .alias = "al", .handle = "ali"}},
                      {"bob", {.id = "bob", .name = "Bob", .alias = "Alice"}},
                      {"carol", {.id = "carol", .name = "Carol", .weixin = "car"}}};
    book_.rooms = {{"lobby", {.id = "lobby", .topic = "Lobby", .member_id_list = {"alice", "bob"}}},
                   {"attic", {.id = "attic", .topic = "Attic"}}};
    book_.members = {{"lobby/alice", {.id = "alice", .name = "Alice", .room_alias = "boss"}},
                     {"lobby/bob", {.id = "bob", .name = "boss", .room_alias = "b"}}};
    book_.start();
    ASSERT_TRUE(log_.wait_for("login"));
  }
  /// What the service knows of `id` cannot be had.
  void fail(const std::string& id) {
    book_.at_fetch = [id](std::string_view asked) {
      if (asked == id) throw StorageError{"the service is away"};
    };
  }
  [[nodiscard]] std::size_t errors() {
    book_.ding("flush");
    EXPECT_TRUE(log_.wait_for("dong flush", ++flushes_));
    return log_.of("error").size();
  }

  test::AddressBook book_;
  test::EventLog log_{book_};
  int flushes_ = 0;
};

// --- contacts ------------------------------------------------------------------------------------

TEST_F(SearchTest, ATextIsANameThenAnAlias) {
  EXPECT_EQ(book_.contact_search("Alice"), (Ids{"alice", "bob"}));
  EXPECT_EQ(book_.contact_search("alice"), Ids{});
  EXPECT_EQ(book_.contact_search(""), (Ids{"alice", "bob", "carol"}));
}

TEST_F(SearchTest, ATextFetchesEachContactOnceHoweverSmallTheCache) {
  test::AddressBook book{{.cache = {.contact = 1}}};
  book.contacts = book_.contacts;
  book.start();
  EXPECT_EQ(book.contact_search("Alice"), (Ids{"alice", "bob"}));
  EXPECT_EQ(book.contacts_fetched, 3);
}

TEST_F(SearchTest, AContactFilterHasOneKey) {
  EXPECT_EQ(book_.contact_search({.name = "Bob"}), Ids{"bob"});
  EXPECT_EQ(book_.contact_search({.name = Regex{"^.o"}}), Ids{"bob"});
  EXPECT_EQ(book_.contact_search({.alias = Regex{"l"}}), (Ids{"alice", "bob"}));
  EXPECT_EQ(book_.contact_search({.handle = "ali"}), Ids{"alice"});
  EXPECT_EQ(book_.contact_search({.weixin = "car"}), Ids{"carol"});
  EXPECT_EQ(book_.contact_search(ContactQueryFilter{}), (Ids{"alice", "bob", "carol"}));
  EXPECT_THROW(static_cast<void>(book_.contact_search({.name = ""})), InvalidArgumentError);
  book_.contacts_fetched = 0;
  EXPECT_THROW(static_cast<void>(book_.contact_search({.alias = "a", .name = "b"})),
               InvalidArgumentError);
  EXPECT_EQ(book_.contacts_fetched, 0);
}

TEST_F(SearchTest, AnIdLooksAtNothingElse) {
  EXPECT_EQ(book_.contact_search({.id = "bob", .name = "Carol"}), Ids{"bob"});
  EXPECT_EQ(book_.contact_search({.id = "nobody"}), Ids{});
  EXPECT_EQ(errors(), 0U);
  EXPECT_EQ(book_.contacts_fetched, 2);
}

TEST_F(SearchTest, OnlyAmongTheGivenIds) {
  const Ids among{"carol", "alice"};
  EXPECT_EQ(book_.contact_search({.name = Regex{"."}}, among), among);
  EXPECT_EQ(book_.contact_search({.name = "Bob"}, among), Ids{});
}

TEST_F(SearchTest, AContactThatCannotBeHadIsLeftOutWithAnError) {
  fail("bob");
  EXPECT_EQ(book_.contact_search({.name = Regex{"."}}), (Ids{"alice", "carol"}));
  EXPECT_EQ(errors(), 1U);
  EXPECT_NE(log_.of("error")[0].find("\"bob\": the service is away"), std::string::npos);
}

TEST_F(SearchTest, SixteenContactsAreFetchedAtOnce) {
  for (int i = 0; i < 40; ++i) {
    const auto id = "c" + std::to_string(i);
    book_.contacts[id] = {.id = id, .name = "Dave"};
  }
  static_cast<void>(book_.contact_payload("alice"));
  static_cast<void>(book_.contact_payload("bob"));
  static_cast<void>(book_.contact_payload("carol"));
  std::latch all_inside{16};  // nobody gets an answer before sixteen are asked for
  std::atomic<int> asked = 0;
  std::atomic<int> inside = 0;
  std::atomic<bool> too_many = false;
  book_.at_fetch = [&](std::string_view) {
    if (++inside > 16) too_many = true;
    if (++asked <= 16) all_inside.arrive_and_wait();
    --inside;
  };
  EXPECT_EQ(book_.contact_search({.name = "Dave"}).size(), 40U);
  EXPECT_FALSE(too_many);
  EXPECT_EQ(asked, 40);
}

TEST_F(SearchTest, ASearchDoesNotPushOutWhatIsUsed) {
  test::AddressBook book{{.cache = {.contact = 2}}};
  test::EventLog log{book};
  book.start();
  ASSERT_TRUE(log.wait_for("login"));  // it puts the own profile into the cache
  for (const auto& id : {"alice", "bob"}) book.receive(ContactPayload{.id = id, .name = id});
  static_cast<void>(book.contact_payload_cache("alice"));  // used last
  const Ids among{"alice", "bob"};
  EXPECT_EQ(book.contact_search({.name = Regex{"."}}, among).size(), 2U);
  book.receive(ContactPayload{.id = "carol"});
  EXPECT_NE(book.contact_payload_cache("alice"), std::nullopt);
}

// --- rooms ---------------------------------------------------------------------------------------

TEST_F(SearchTest, ARoomFilterHasOneKeyAndIsCheckedFirst) {
  EXPECT_EQ(book_.room_search({.topic = "Lobby"}), Ids{"lobby"});
  EXPECT_EQ(book_.room_search({.topic = Regex{"t+"}}), Ids{"attic"});
  EXPECT_EQ(book_.room_search(), (Ids{"attic", "lobby"}));
  EXPECT_EQ(book_.room_search({.id = "attic"}), Ids{"attic"});
  EXPECT_EQ(book_.room_search({.id = "nowhere"}), Ids{});
  book_.rooms_fetched = 0;
  EXPECT_THROW(static_cast<void>(book_.room_search({.topic = ""})), InvalidArgumentError);
  EXPECT_EQ(book_.rooms_fetched, 0);
}

TEST_F(SearchTest, ARoomThatCannotBeHadIsLeftOutAndItsMembersAreForgotten) {
  static_cast<void>(book_.room_member_payload("lobby", "alice"));
  fail("lobby");
  EXPECT_EQ(book_.room_search({.topic = Regex{"."}}), Ids{"attic"});
  EXPECT_EQ(errors(), 1U);
  book_.at_fetch = nullptr;
  static_cast<void>(book_.room_member_payload("lobby", "alice"));
  EXPECT_EQ(book_.members_fetched, 2);
}

// --- room members --------------------------------------------------------------------------------

TEST_F(SearchTest, AMemberIsFoundByRoomAliasThenNameThenOurAlias) {
  EXPECT_EQ(book_.room_member_search("lobby", "boss"), (Ids{"alice", "bob"}));
  EXPECT_EQ(book_.room_member_search("lobby", "Alice"), (Ids{"alice", "bob"}));
  EXPECT_EQ(book_.room_member_search("lobby", "al"), Ids{"alice"});
  EXPECT_EQ(book_.room_member_search("lobby", "nobody"), Ids{});
  EXPECT_EQ(book_.lists_fetched, 4);
  EXPECT_EQ(book_.members_fetched, 2);
}

TEST_F(SearchTest, AMemberFilterMatchesAnyOfItsKeys) {
  EXPECT_EQ(book_.room_member_search("lobby", {.name = "boss", .room_alias = "boss"}),
            (Ids{"alice", "bob"}));
  EXPECT_EQ(book_.room_member_search("lobby", {.contact_alias = "Alice"}), Ids{"bob"});
  EXPECT_EQ(book_.room_member_search("lobby", RoomMemberQueryFilter{}), Ids{});
  EXPECT_THROW(
      static_cast<void>(book_.room_member_search("lobby", {.name = "a", .contact_alias = "b"})),
      InvalidArgumentError);
  EXPECT_THROW(static_cast<void>(book_.room_member_search("lobby", {.room_alias = ""})),
               InvalidArgumentError);
  EXPECT_THROW(static_cast<void>(book_.room_member_search("lobby", "")), InvalidArgumentError);
}

TEST_F(SearchTest, AMemberWhoIsNoContactHasNoAlias) {
  book_.contacts.erase("bob");
  EXPECT_EQ(book_.room_member_search("lobby", "boss"), (Ids{"alice", "bob"}));
  EXPECT_EQ(errors(), 0U);
}

// --- messages, friendships
// ---------------------------------------------------------------------------

TEST_F(SearchTest, MessagesAreSearchedInTheCacheInTheOrderOfTheirTime) {
  const auto at = [](int seconds) { return Timestamp{std::chrono::seconds{seconds}}; };
  book_.report_message({.id = "m2", .talker_id = "bob", .timestamp = at(2), .text = "hello"});
  book_.report_message({.id = "m1", .talker_id = "alice", .timestamp = at(1), .text = "help"});
  EXPECT_EQ(book_.message_search(), (Ids{"m1", "m2"}));
  EXPECT_EQ(book_.message_list(), (Ids{"m1", "m2"}));
  EXPECT_EQ(book_.message_search({.text = Regex{"^hel"}}), (Ids{"m1", "m2"}));
  EXPECT_EQ(book_.message_search({.talker_id = "bob", .text = Regex{"hel"}}), Ids{"m2"});
  EXPECT_EQ(book_.message_search({.talker_id = "bob", .id = "m1"}), Ids{"m1"});
  EXPECT_EQ(book_.message_search({.id = "m3"}), Ids{});
  EXPECT_THROW(static_cast<void>(book_.message_search({.text = ""})), InvalidArgumentError);
}

TEST_F(SearchTest, AFriendshipSearchHasOneKey) {
  EXPECT_THROW(static_cast<void>(book_.friendship_search({})), InvalidArgumentError);
  EXPECT_THROW(static_cast<void>(book_.friendship_search({.phone = "1", .handle = "2"})),
               InvalidArgumentError);
  try {  // the old name asks the hook of the new one
    static_cast<void>(book_.friendship_search({.weixin = "x"}));
    FAIL() << "no exception";
  } catch (const UnsupportedError& error) {
    EXPECT_NE(std::string{error.what()}.find("friendship_search_handle"), std::string::npos);
  }
}

}  // namespace
}  // namespace wechaty::puppet
