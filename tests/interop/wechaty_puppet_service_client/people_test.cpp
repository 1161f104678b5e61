// SPDX-License-Identifier: Apache-2.0
// Contacts, rooms, friendships, invitations and tags.
#include "served.hpp"
#include "support/address_book.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

class NpmPeople : public NpmWechaty {
 protected:
  void SetUp() override {
    NpmWechaty::SetUp();
    log_in();
  }
  puppet::test::AddressBook book_;  // a puppet that notes what it is asked
};

// --- contacts --------------------------------------------------------------------------------

TEST_F(NpmPeople, AContactComesWithEverythingThatIsKnown) {
  const ContactPayload all{.id = "carol",
                           .gender = ContactGender::female,
                           .type = ContactType::individual,
                           .name = "Carol",
                           .avatar = "https://x.y/c.png",
                           .address = "Street 1",
                           .alias = "Caz",
                           .city = "Berlin",
                           .province = "BE",
                           .is_friend = true,
                           .signature = "sig",
                           .star = true,
                           .weixin = {},
                           .handle = "caz",
                           .phone = {"1", "2"},
                           .corporation = "Corp",
                           .title = "Dr",
                           .description = "desc",
                           .coworker = true};
  world_->add_contact(all);
  EXPECT_EQ(js("return await puppet.contactPayload('carol')"),
            (Json{{"id", "carol"},
                  {"gender", 2},
                  {"type", 1},
                  {"name", "Carol"},
                  {"avatar", "https://x.y/c.png"},
                  {"address", "Street 1"},
                  {"alias", "Caz"},
                  {"city", "Berlin"},
                  {"province", "BE"},
                  {"friend", true},
                  {"signature", "sig"},
                  {"star", true},
                  {"weixin", "caz"},
                  {"handle", "caz"},
                  {"phone", {"1", "2"}},
                  {"corporation", "Corp"},
                  {"title", "Dr"},
                  {"description", "desc"},
                  {"coworker", true}}));
  EXPECT_EQ(js("return (await puppet.contactList()).sort()"),
            Json::array({"alice", "bob", "carol"}));
}

TEST_F(NpmPeople, AnAliasIsSetReadAndCleared) {
  EXPECT_EQ(js("return await puppet.contactAlias('alice')"), "");
  js("await puppet.contactAlias('alice', 'Al')");
  EXPECT_EQ(world_->contact_payload("alice").alias, "Al");
  EXPECT_EQ(js("return await puppet.contactAlias('alice')"), "Al");
  js("await puppet.contactAlias('alice', null)");
  EXPECT_EQ(world_->contact_payload("alice").alias.value_or(""), "");
  EXPECT_EQ(js("return await puppet.contactAlias('alice')"), "");
}

TEST_F(NpmPeople, AnAliasSetThroughWechatyIsThere) {
  js("globalThis.alice = await bot.Contact.find({ id: 'alice' }); await alice.alias('Al')");
  EXPECT_EQ(js("return await alice.alias()"), "Al");
  EXPECT_EQ(js("return (await bot.Contact.find({ alias: 'Al' })).id"), "alice");
}

TEST_F(NpmPeople, PhonesDescriptionAndRemarkAreSetAndCleared) {
  js("await puppet.contactPhone('alice', ['12', '34']);"
     "await puppet.contactDescription('alice', 'a friend');"
     "await puppet.contactCorporationRemark('alice', 'Corp')");
  const ContactPayload alice = world_->contact_payload("alice");
  EXPECT_EQ(alice.phone, (std::vector<std::string>{"12", "34"}));
  EXPECT_EQ(alice.description, "a friend");
  EXPECT_EQ(alice.corporation, "Corp");
  EXPECT_EQ(js("return (await puppet.contactPayload('alice')).phone"), Json::array({"12", "34"}));
  js("await puppet.contactDescription('alice', null);"
     "await puppet.contactCorporationRemark('alice', null)");
  EXPECT_EQ(world_->contact_payload("alice").description.value_or(""), "");
  EXPECT_EQ(world_->contact_payload("alice").corporation.value_or(""), "");
}

TEST_F(NpmPeople, OnesOwnNameSignatureAndCode) {
  js("await puppet.contactSelfName('Botty'); await puppet.contactSelfSignature('beep')");
  EXPECT_EQ(world_->contact_payload("bot").name, "Botty");
  EXPECT_EQ(world_->contact_payload("bot").signature, "beep");
  EXPECT_NE(js("return await puppet.contactSelfQRCode()").get<std::string>(), "");
}

// --- rooms -----------------------------------------------------------------------------------

TEST_F(NpmPeople, ARoomComesWithEverythingThatIsKnown) {
  world_->add_room({.id = "club",
                    .topic = "Club",
                    .avatar = "https://x.y/r.png",
                    .handle = "cl",
                    .member_id_list = {"alice", "bot"},
                    .admin_id_list = {"alice"},
                    .owner_id = "alice",
                    .external = {}});
  EXPECT_EQ(js("return await puppet.roomPayload('club')"), (Json{{"id", "club"},
                                                                 {"topic", "Club"},
                                                                 {"avatar", "https://x.y/r.png"},
                                                                 {"handle", "cl"},
                                                                 {"memberIdList", {"alice", "bot"}},
                                                                 {"adminIdList", {"alice"}},
                                                                 {"ownerId", "alice"}}));
  EXPECT_EQ(js("return (await puppet.roomList()).sort()"), Json::array({"club", "lobby"}));
  EXPECT_EQ(js("return (await puppet.roomMemberList('club')).sort()"),
            Json::array({"alice", "bot"}));
  const Json member = js("return await puppet.roomMemberPayload('club', 'alice')");
  EXPECT_EQ(member.at("id"), "alice");
  EXPECT_EQ(member.at("name"), "Alice");
}

TEST_F(NpmPeople, ARoomIsMadeAndPeopleComeAndGo) {
  const Json id = js("return await puppet.roomCreate(['alice', 'bob'], 'New')");
  EXPECT_EQ(world_->room_payload(id.get<std::string>()).topic, "New");
  heard("room-join");
  js("await puppet.roomDel(id, 'bob')", {{"id", id}});
  heard("room-leave");
  EXPECT_EQ(js("return (await puppet.roomMemberList(id)).sort()", {{"id", id}}),
            Json::array({"alice", "bot"}));
  js("await puppet.roomAdd(id, 'bob', false)", {{"id", id}});
  heard("room-join", 2);
  EXPECT_EQ(js("return (await puppet.roomMemberList(id)).sort()", {{"id", id}}),
            Json::array({"alice", "bob", "bot"}));
  js("await puppet.roomQuit(id)", {{"id", id}});
  EXPECT_EQ(js("return await puppet.roomList()"), Json::array({"lobby"}));
  // The reference fails here: one contact at a time, a list cannot be written
  // (wechaty-puppet-service, src/client/puppet-service.ts, roomAdd()).
  EXPECT_EQ(
      npm_.error_of("await puppet.roomAdd('lobby', ['alice', 'bob'])"),
      "13 INTERNAL: Request message serialization failure: Assertion failed: Expected string but "
      "got %s: %s.");
}

TEST_F(NpmPeople, ATopicIsSetReadAndTold) {
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).topic"), "Lobby");
  js("await puppet.roomTopic('lobby', 'Hall')");
  heard("room-topic");
  EXPECT_EQ(js("return await puppet.roomTopic('lobby')"), "Hall");
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).topic"), "Hall");
  world_->set_topic("lobby", "Attic", "alice");
  heard("room-topic", 2);
  const Json told =
      js("return JSON.parse(client.lines.filter("
         "  line => line.startsWith('room-topic'))[1].slice(11))");
  EXPECT_EQ(told.at("changerId"), "alice");
  EXPECT_EQ(told.at("newTopic"), "Attic");
  EXPECT_EQ(told.at("oldTopic"), "Hall");
  EXPECT_EQ(told.at("roomId"), "lobby");
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).topic"), "Attic");
}

TEST_F(NpmPeople, AnAnnouncementIsSetAndRead) {
  EXPECT_EQ(js("return await puppet.roomAnnounce('lobby')"), "");
  js("await puppet.roomAnnounce('lobby', 'Party at 8')");
  EXPECT_EQ(world_->announcement("lobby"), "Party at 8");
  EXPECT_EQ(js("return await puppet.roomAnnounce('lobby')"), "Party at 8");
}

TEST_F(NpmPeople, ARoomHasACode) {
  EXPECT_NE(js("return await puppet.roomQRCode('lobby')").get<std::string>(), "");
}

TEST_F(NpmPeople, WhoComesAndGoesIsToldAndTheClientForgetsWhatItKept) {
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).memberIdList.length"), 2);
  world_->join("lobby", std::vector<std::string>{"bob"}, "alice");
  heard("room-join");
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).memberIdList.length"), 3);
  EXPECT_EQ(js("return (await puppet.roomMemberPayload('lobby', 'bob')).inviterId"), "alice");
  world_->leave("lobby", std::vector<std::string>{"bob"}, "alice");
  heard("room-leave");
  EXPECT_EQ(js("return (await puppet.roomPayload('lobby')).memberIdList.length"), 2);
  const Json left =
      js("return JSON.parse(client.lines.find("
         "  line => line.startsWith('room-leave')).slice(11))");
  EXPECT_EQ(left.at("removeeIdList"), Json::array({"bob"}));
  EXPECT_EQ(left.at("removerId"), "alice");
}

TEST_F(NpmPeople, RoomsThroughWechaty) {
  js("globalThis.room = await bot.Room.find({ topic: 'Lobby' })");
  EXPECT_EQ(js("return (await room.memberAll()).map(member => member.name()).sort()"),
            Json::array({"Alice", "bot"}));
  EXPECT_EQ(js("return (await room.owner()).name()"), "Alice");
  js("await room.topic('Hall')");
  EXPECT_EQ(world_->room_payload("lobby").topic, "Hall");
  EXPECT_TRUE(js("return await room.has(await bot.Contact.find({ id: 'alice' }))"));
}

// --- friendships, invitations, tags ----------------------------------------------------------

TEST_F(NpmPeople, AFriendshipIsAskedForReadAndAccepted) {
  world_->add_contact({.id = "dave", .name = "Dave"});
  const std::string id = world_->befriend({.id = "",
                                           .contact_id = "dave",
                                           .hello = "hi",
                                           .type = FriendshipType::receive,
                                           .scene = FriendshipSceneType::phone,
                                           .stranger = "str",
                                           .ticket = "tick"},
                                          "bot");
  heard("friendship " + Json{{"friendshipId", id}}.dump());
  const Json got = js("return await puppet.friendshipPayload(id)", {{"id", id}});
  EXPECT_EQ(got.at("contactId"), "dave");
  EXPECT_EQ(got.at("hello"), "hi");
  EXPECT_EQ(got.at("type"), 2);
  EXPECT_EQ(got.at("scene"), static_cast<int>(FriendshipSceneType::phone));
  EXPECT_EQ(got.at("stranger"), "str");
  EXPECT_EQ(got.at("ticket"), "tick");
  // The reference fails here: there is no time on the wire (src/client/puppet-service.ts,
  // friendshipRawPayload()).
  EXPECT_FALSE(got.contains("timestamp"));
  js("await puppet.friendshipAccept(id)", {{"id", id}});
  EXPECT_EQ(world_->contact_payload("dave").is_friend, true);
}

TEST_F(NpmPeople, FriendsAreSearchedForAndAsked) {
  EXPECT_EQ(js("return await puppet.friendshipSearchPhone('123')"), "alice");
  EXPECT_EQ(js("return await puppet.friendshipSearchHandle('al')"), "alice");
  EXPECT_EQ(js("return await puppet.friendshipSearchPhone('999')"), nullptr);
  js("await puppet.friendshipAdd('alice', 'hello')");
  EXPECT_NE(npm_.error_of("await puppet.friendshipAdd('nobody', 'hello')").find("nobody"),
            std::string::npos);
}

TEST_F(NpmPeople, AFriendshipIsAskedForWithItsReferrers) {
  js("await puppet.stop()");
  serve(book_);
  make("asking");
  js("await bot.start(); await client.heard('login')");
  js("await puppet.friendshipAdd('bob', { hello: 'hi', roomId: 'lobby', contactId: 'alice' });"
     "await puppet.friendshipAdd('carol', { roomId: 'lobby' }); "
     "await puppet.friendshipAdd('dave', { contactId: 'alice' })");
  ASSERT_EQ(book_.friendships_asked.size(), 3U);
  EXPECT_EQ(book_.friendships_asked[0].contact_id, "bob");
  EXPECT_EQ(book_.friendships_asked[0].options.hello, "hi");
  EXPECT_EQ(book_.friendships_asked[0].options.room_id, "lobby");
  EXPECT_EQ(book_.friendships_asked[0].options.contact_id, "alice");
  EXPECT_EQ(book_.friendships_asked[1].options.room_id, "lobby");
  EXPECT_EQ(book_.friendships_asked[1].options.contact_id, std::nullopt);
  EXPECT_EQ(book_.friendships_asked[2].options.room_id, std::nullopt);
  EXPECT_EQ(book_.friendships_asked[2].options.contact_id, "alice");
}

TEST_F(NpmPeople, AnInvitationIntoARoomIsReadAndAccepted) {
  world_->add_room({.id = "club", .topic = "Club", .member_id_list = {"alice"}});
  RoomInvitationPayload asked;
  asked.inviter_id = "alice";
  asked.topic = "Club";
  asked.invitation = "come";
  asked.member_count = 1;
  asked.member_id_list = {"alice"};
  asked.receiver_id = "bot";
  const std::string id = world_->invite(asked, "club");
  heard("room-invite " + Json{{"roomInvitationId", id}}.dump());
  const Json got = js("return await puppet.roomInvitationPayload(id)", {{"id", id}});
  EXPECT_EQ(got.at("inviterId"), "alice");
  EXPECT_EQ(got.at("topic"), "Club");
  EXPECT_EQ(got.at("invitation"), "come");
  EXPECT_EQ(got.at("receiverId"), "bot");
  EXPECT_EQ(got.at("memberCount"), 1);
  EXPECT_EQ(got.at("memberIdList"), Json::array({"alice"}));
  js("await puppet.roomInvitationAccept(id)", {{"id", id}});
  EXPECT_EQ(js("return (await puppet.roomList()).sort()"), Json::array({"club", "lobby"}));
}

TEST_F(NpmPeople, TagsAreGivenListedAndTaken) {
  js("await puppet.tagContactAdd('team', 'alice'); await puppet.tagContactAdd('vip', 'alice');"
     "await puppet.tagContactAdd('team', 'bob')");
  EXPECT_EQ(js("return (await puppet.tagContactList('alice')).sort()"),
            Json::array({"team", "vip"}));
  EXPECT_EQ(js("return (await puppet.tagContactList('bob')).sort()"), Json::array({"team"}));
  EXPECT_EQ(js("return (await puppet.tagContactList()).sort()"), Json::array({"team", "vip"}));
  js("await puppet.tagContactRemove('team', 'alice')");
  EXPECT_EQ(js("return await puppet.tagContactList('alice')"), Json::array({"vip"}));
  js("await puppet.tagContactDelete('vip')");
  EXPECT_EQ(js("return await puppet.tagContactList()"), Json::array({"team"}));
}

}  // namespace
}  // namespace wechaty::puppet_service::test
