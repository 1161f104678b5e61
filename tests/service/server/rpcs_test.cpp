// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "service/server/served_mock.hpp"
#include "support/address_book.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

/// A client of a mock that is logged in.
class ServerRpcs : public testing::Test {
 protected:
  ServerRpcs() {
    EventReader events{client_};
    (void)client_.ask<pb::StartResponse>("Start", pb::StartRequest{});
    if (!events.wait_for("23 ")) ADD_FAILURE() << "not ready";
  }

  template <class Response, class Request>
  Response ask(const std::string& rpc, const Request& request) {
    return client_.ask<Response>(rpc, request);
  }
  template <class Response, class Request>
  grpc::Status fail(const std::string& rpc, const Request& request) {
    Response response;
    return client_.try_to(rpc, request, response);
  }
  template <class Request>
  static Request with_id(const std::string& id) {
    Request request;
    request.set_id(id);
    return request;
  }
  std::string alice_says(SayablePayload what) {
    return served_.world->person("alice").say(std::move(what)).to("bot");
  }

  ServedMock served_;
  WireClient client_ = served_.client();
};

TEST_F(ServerRpcs, VersionIsThePuppets) {
  EXPECT_EQ(ask<pb::VersionResponse>("Version", pb::VersionRequest{}).version(),
            served_.puppet.version());
}

TEST_F(ServerRpcs, SecondStartIsFine) {
  EXPECT_NO_THROW(ask<pb::StartResponse>("Start", pb::StartRequest{}));
}

TEST_F(ServerRpcs, ContactPayloadHasItsFieldsAndAnUnknownIdAStatus) {
  const auto alice = ask<pb::ContactPayloadResponse>("ContactPayload",
                                                     with_id<pb::ContactPayloadRequest>("alice"));
  EXPECT_EQ(alice.name(), "Alice");
  EXPECT_EQ(alice.weixin(), "al");
  EXPECT_EQ(alice.phones_size(), 1);
  const auto status = fail<pb::ContactPayloadResponse>(
      "ContactPayload", with_id<pb::ContactPayloadRequest>("nobody"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_TRUE(status.error_message().starts_with("NotFoundError: ")) << status.error_message();
  EXPECT_EQ(
      fail<pb::ContactPayloadResponse>("ContactPayload", pb::ContactPayloadRequest{}).error_code(),
      grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerRpcs, ContactSelfIsChanged) {
  pb::ContactSelfNameRequest name;
  name.set_name("New name");
  ask<pb::ContactSelfNameResponse>("ContactSelfName", name);
  pb::ContactSelfSignatureRequest signature;
  signature.set_signature("sig");
  ask<pb::ContactSelfSignatureResponse>("ContactSelfSignature", signature);
  const auto self =
      ask<pb::ContactPayloadResponse>("ContactPayload", with_id<pb::ContactPayloadRequest>("bot"));
  EXPECT_EQ(self.name(), "New name");
  EXPECT_EQ(self.signature(), "sig");
  EXPECT_FALSE(
      ask<pb::ContactSelfQRCodeResponse>("ContactSelfQRCode", pb::ContactSelfQRCodeRequest{})
          .qrcode()
          .empty());
}

TEST_F(ServerRpcs, AliasIsSetByEitherFieldAndReadFromBoth) {
  const auto get = [&] {
    return ask<pb::ContactAliasResponse>("ContactAlias", with_id<pb::ContactAliasRequest>("alice"));
  };
  EXPECT_EQ(get().alias(), "");
  EXPECT_TRUE(get().has_alias_string_value_deprecated()) << "npm clients need it when it is empty";
  auto set = with_id<pb::ContactAliasRequest>("alice");
  set.set_alias("one");
  ask<pb::ContactAliasResponse>("ContactAlias", set);
  EXPECT_EQ(get().alias(), "one");
  set.clear_alias();
  set.mutable_alias_string_value_deprecated()->set_value("two");
  ask<pb::ContactAliasResponse>("ContactAlias", set);
  EXPECT_EQ(get().alias_string_value_deprecated().value(), "two");
  set.set_alias("");  // an empty text that is there clears it
  ask<pb::ContactAliasResponse>("ContactAlias", set);
  EXPECT_EQ(get().alias(), "");
}

TEST_F(ServerRpcs, WhatIsNotedOfAContactIsSet) {
  pb::ContactPhoneRequest phone;
  phone.set_contact_id("alice");
  phone.add_phones("1");
  phone.add_phones("2");
  ask<pb::ContactPhoneResponse>("ContactPhone", phone);
  pb::ContactCorporationRemarkRequest remark;
  remark.set_contact_id("alice");
  remark.mutable_corporation_remark_string_value_deprecated()->set_value("Corp");
  ask<pb::ContactCorporationRemarkResponse>("ContactCorporationRemark", remark);
  pb::ContactDescriptionRequest description;
  description.set_contact_id("alice");
  description.set_description("tall");
  ask<pb::ContactDescriptionResponse>("ContactDescription", description);
  const auto alice = served_.world->contact_payload("alice");
  EXPECT_EQ(alice.phone, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(alice.corporation, "Corp");
  EXPECT_EQ(alice.description, "tall");
}

TEST_F(ServerRpcs, ContactsAndRoomsAreListed) {
  EXPECT_EQ(ask<pb::ContactListResponse>("ContactList", pb::ContactListRequest{}).ids_size(), 2);
  const auto rooms = ask<pb::RoomListResponse>("RoomList", pb::RoomListRequest{});
  ASSERT_EQ(rooms.ids_size(), 1);
  EXPECT_EQ(rooms.ids(0), "lobby");
}

TEST_F(ServerRpcs, SentTextHasItsIdInBothFieldsAndComesBackOnce) {
  EventReader events{client_};
  pb::MessageSendTextRequest request;
  request.set_conversation_id("lobby");
  request.set_text("hello");
  request.add_mentional_ids("alice");
  const auto sent = ask<pb::MessageSendTextResponse>("MessageSendText", request);
  EXPECT_FALSE(sent.id().empty());
  EXPECT_EQ(sent.id_string_value_deprecated().value(), sent.id());
  ASSERT_TRUE(events.wait_for(R"(2 {"messageId":")" + sent.id() + "\""));
  const auto payload = ask<pb::MessagePayloadResponse>(
      "MessagePayload", with_id<pb::MessagePayloadRequest>(sent.id()));
  EXPECT_EQ(static_cast<int>(payload.type()), 7);
  EXPECT_EQ(payload.text(), "hello");
  EXPECT_EQ(payload.talker_id(), "bot");
  EXPECT_EQ(payload.room_id(), "lobby");
  ASSERT_EQ(payload.mention_ids_size(), 1);
  EXPECT_GT(payload.receive_time().seconds(), 1'600'000'000);
  EXPECT_EQ(payload.timestamp_deprecated() / 1'000,
            static_cast<std::uint64_t>(payload.receive_time().seconds()));
}

TEST_F(ServerRpcs, CardsGoOutAndComeBackInBothForms) {
  pb::MessageSendUrlRequest url;
  url.set_conversation_id("alice");
  url.mutable_url_link()->set_title("title");
  url.mutable_url_link()->set_url("https://x.y");
  const std::string link = ask<pb::MessageSendUrlResponse>("MessageSendUrl", url).id();
  const auto read = ask<pb::MessageUrlResponse>("MessageUrl", with_id<pb::MessageUrlRequest>(link));
  EXPECT_EQ(read.url_link().title(), "title");
  EXPECT_EQ(nlohmann::json::parse(read.url_link_deprecated()).at("url"), "https://x.y");

  url.clear_url_link();
  url.set_url_link_deprecated(R"({"title":"old","url":"https://old"})");
  const std::string old = ask<pb::MessageSendUrlResponse>("MessageSendUrl", url).id();
  EXPECT_EQ(ask<pb::MessageUrlResponse>("MessageUrl", with_id<pb::MessageUrlRequest>(old))
                .url_link()
                .title(),
            "old");
  url.set_url_link_deprecated("rubbish");
  EXPECT_EQ(fail<pb::MessageSendUrlResponse>("MessageSendUrl", url).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);

  pb::MessageSendMiniProgramRequest program;
  program.set_conversation_id("alice");
  program.mutable_mini_program()->set_appid("app");
  const auto mini = ask<pb::MessageMiniProgramResponse>(
      "MessageMiniProgram",
      with_id<pb::MessageMiniProgramRequest>(
          ask<pb::MessageSendMiniProgramResponse>("MessageSendMiniProgram", program).id()));
  EXPECT_EQ(mini.mini_program().appid(), "app");
  EXPECT_EQ(mini.mini_program_deprecated(), R"({"appid":"app"})");

  pb::MessageSendLocationRequest location;
  location.set_conversation_id("alice");
  location.mutable_location()->set_latitude(1.5);
  location.mutable_location()->set_name("here");
  const auto place = ask<pb::MessageLocationResponse>(
      "MessageLocation",
      with_id<pb::MessageLocationRequest>(
          ask<pb::MessageSendLocationResponse>("MessageSendLocation", location).id()));
  EXPECT_EQ(place.location().latitude(), 1.5);
  EXPECT_EQ(place.location().name(), "here");

  pb::MessageSendContactRequest contact;
  contact.set_conversation_id("alice");
  contact.set_contact_id("bob");
  const auto card = ask<pb::MessageSendContactResponse>("MessageSendContact", contact);
  EXPECT_EQ(ask<pb::MessageContactResponse>("MessageContact",
                                            with_id<pb::MessageContactRequest>(card.id()))
                .id(),
            "bob");
}

TEST_F(ServerRpcs, MessagesAreForwardedAndRecalled) {
  const std::string id = alice_says({SayableText{.text = "hi", .mentions = {}}});
  pb::MessageForwardRequest forward;
  forward.set_message_id(id);
  forward.set_conversation_id("bob");
  const auto forwarded = ask<pb::MessageForwardResponse>("MessageForward", forward);
  EXPECT_EQ(forwarded.id_string_value_deprecated().value(), forwarded.id());
  EXPECT_TRUE(ask<pb::MessageRecallResponse>("MessageRecall",
                                             with_id<pb::MessageRecallRequest>(forwarded.id()))
                  .success());
  EXPECT_FALSE(
      ask<pb::MessageRecallResponse>("MessageRecall", with_id<pb::MessageRecallRequest>(id))
          .success());
}

TEST_F(ServerRpcs, RoomsAreMadeChangedAndLeft) {
  pb::RoomCreateRequest create;
  create.add_contact_ids("alice");
  create.set_topic("Topic");
  const std::string id = ask<pb::RoomCreateResponse>("RoomCreate", create).id();
  ASSERT_FALSE(id.empty());
  auto topic = with_id<pb::RoomTopicRequest>(id);
  EXPECT_EQ(ask<pb::RoomTopicResponse>("RoomTopic", topic).topic(), "Topic");
  topic.mutable_topic_string_value_deprecated()->set_value("By the old field");
  ask<pb::RoomTopicResponse>("RoomTopic", topic);
  EXPECT_EQ(ask<pb::RoomTopicResponse>("RoomTopic", with_id<pb::RoomTopicRequest>(id))
                .topic_string_value_deprecated()
                .value(),
            "By the old field");
  auto announce = with_id<pb::RoomAnnounceRequest>(id);
  announce.set_text("News");
  ask<pb::RoomAnnounceResponse>("RoomAnnounce", announce);
  EXPECT_EQ(
      ask<pb::RoomAnnounceResponse>("RoomAnnounce", with_id<pb::RoomAnnounceRequest>(id)).text(),
      "News");
  pb::RoomAddRequest add;
  add.set_id(id);
  add.set_contact_id("bob");
  ask<pb::RoomAddResponse>("RoomAdd", add);
  EXPECT_EQ(
      ask<pb::RoomMemberListResponse>("RoomMemberList", with_id<pb::RoomMemberListRequest>(id))
          .member_ids_size(),
      3);
  pb::RoomMemberPayloadRequest member;
  member.set_id(id);
  member.set_member_id("bob");
  EXPECT_EQ(ask<pb::RoomMemberPayloadResponse>("RoomMemberPayload", member).name(), "Bob");
  pb::RoomDelRequest del;
  del.set_id(id);
  del.set_contact_id("bob");
  ask<pb::RoomDelResponse>("RoomDel", del);
  const auto payload =
      ask<pb::RoomPayloadResponse>("RoomPayload", with_id<pb::RoomPayloadRequest>(id));
  EXPECT_EQ(payload.topic(), "By the old field");
  EXPECT_EQ(payload.member_ids_size(), 2);
  EXPECT_FALSE(ask<pb::RoomQRCodeResponse>("RoomQRCode", with_id<pb::RoomQRCodeRequest>(id))
                   .qrcode()
                   .empty());
  EXPECT_EQ(fail<pb::RoomQRCodeResponse>("RoomQRCode", pb::RoomQRCodeRequest{}).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  ask<pb::RoomQuitResponse>("RoomQuit", with_id<pb::RoomQuitRequest>(id));
  EXPECT_EQ(ask<pb::RoomListResponse>("RoomList", pb::RoomListRequest{}).ids_size(), 1);
}

TEST_F(ServerRpcs, InvitationsAreReadSetAndAccepted) {
  const std::string id = served_.world->invite({.id = "",
                                                .inviter_id = "alice",
                                                .receiver_id = "bot",
                                                .topic = "Lobby",
                                                .member_count = 2,
                                                .timestamp = Timestamp{std::chrono::seconds{5}}});
  auto request = with_id<pb::RoomInvitationPayloadRequest>(id);
  const auto payload = ask<pb::RoomInvitationPayloadResponse>("RoomInvitationPayload", request);
  EXPECT_EQ(payload.inviter_id(), "alice");
  EXPECT_EQ(payload.member_count(), 2);
  request.set_payload(
      R"({"id":"x","inviterId":"bob","receiverId":"bot","topic":"t","avatar":"","invitation":"",)"
      R"("memberCount":3,"memberIdList":[],"timestamp":1})");
  EXPECT_EQ(ask<pb::RoomInvitationPayloadResponse>("RoomInvitationPayload", request).id(), "");
  request.clear_payload();
  EXPECT_EQ(ask<pb::RoomInvitationPayloadResponse>("RoomInvitationPayload", request).inviter_id(),
            "bob");
  EXPECT_NO_THROW(ask<pb::RoomInvitationAcceptResponse>(
      "RoomInvitationAccept", with_id<pb::RoomInvitationAcceptRequest>(id)));
}

TEST_F(ServerRpcs, FriendshipsAreReadAcceptedAskedForAndSearched) {
  served_.world->add_contact({.id = "carol", .name = "Carol"});
  const std::string id = served_.world->befriend(
      {.contact_id = "carol", .hello = "hi", .type = FriendshipType::receive, .ticket = "t"},
      "bot");
  const auto payload = ask<pb::FriendshipPayloadResponse>(
      "FriendshipPayload", with_id<pb::FriendshipPayloadRequest>(id));
  EXPECT_EQ(payload.contact_id(), "carol");
  EXPECT_EQ(payload.hello(), "hi");
  EXPECT_EQ(payload.ticket(), "t");
  ask<pb::FriendshipAcceptResponse>("FriendshipAccept", with_id<pb::FriendshipAcceptRequest>(id));
  pb::FriendshipAddRequest add;
  add.set_contact_id("bob");
  add.set_hello("hello");
  ask<pb::FriendshipAddResponse>("FriendshipAdd", add);

  pb::FriendshipSearchPhoneRequest phone;
  phone.set_phone("123");
  const auto found = ask<pb::FriendshipSearchPhoneResponse>("FriendshipSearchPhone", phone);
  EXPECT_EQ(found.contact_id(), "alice");
  EXPECT_EQ(found.contact_id_string_value_deprecated().value(), "alice");
  pb::FriendshipSearchHandleRequest handle;
  handle.set_weixin("al");
  for (const char* rpc : {"FriendshipSearchHandle", "FriendshipSearchWeixin"}) {
    EXPECT_EQ(ask<pb::FriendshipSearchHandleResponse>(rpc, handle).contact_id(), "alice") << rpc;
  }
  handle.set_weixin("nobody");
  const auto none = ask<pb::FriendshipSearchHandleResponse>("FriendshipSearchHandle", handle);
  EXPECT_EQ(none.contact_id(), "");
  EXPECT_FALSE(none.has_contact_id_string_value_deprecated());
}

TEST(ServerReferrers, OfAFriendshipReachThePuppetFromTheNewFieldsAndTheOld) {
  puppet::test::AddressBook book;
  PuppetServer server{book, test_options()};
  server.start();
  const WireClient client{server.endpoint()};
  EventReader events{client};
  (void)client.ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for("25 "));
  pb::FriendshipAddRequest add;
  add.set_contact_id("bob");
  add.set_hello("hello");
  add.mutable_referrer()->set_room_id("lobby");
  add.mutable_referrer()->set_contact_id("alice");
  (void)client.ask<pb::FriendshipAddResponse>("FriendshipAdd", add);
  add.clear_referrer();
  add.mutable_source_room_id_string_value_deprecated()->set_value("old lobby");
  add.mutable_source_contact_id_string_value_deprecated()->set_value("old alice");
  (void)client.ask<pb::FriendshipAddResponse>("FriendshipAdd", add);
  server.stop(std::chrono::milliseconds{100});

  ASSERT_EQ(book.friendships_asked.size(), 2U);
  EXPECT_EQ(book.friendships_asked[0].contact_id, "bob");
  EXPECT_EQ(book.friendships_asked[0].options.hello, "hello");
  EXPECT_EQ(book.friendships_asked[0].options.room_id, "lobby");
  EXPECT_EQ(book.friendships_asked[0].options.contact_id, "alice");
  EXPECT_EQ(book.friendships_asked[1].options.room_id, "old lobby");
  EXPECT_EQ(book.friendships_asked[1].options.contact_id, "old alice");
}

TEST_F(ServerRpcs, TagsArePutListedAndDeleted) {
  pb::TagContactAddRequest add;
  add.set_id("friends");
  add.set_contact_id("alice");
  ask<pb::TagContactAddResponse>("TagContactAdd", add);
  pb::TagContactListRequest list;
  EXPECT_EQ(ask<pb::TagContactListResponse>("TagContactList", list).ids_size(), 1);
  list.mutable_contact_id_string_value_deprecated()->set_value("alice");
  EXPECT_EQ(ask<pb::TagContactListResponse>("TagContactList", list).ids_size(), 1);
  list.set_contact_id("bob");
  EXPECT_EQ(ask<pb::TagContactListResponse>("TagContactList", list).ids_size(), 0);
  pb::TagContactRemoveRequest remove;
  remove.set_id("friends");
  remove.set_contact_id("alice");
  ask<pb::TagContactRemoveResponse>("TagContactRemove", remove);
  ask<pb::TagContactDeleteResponse>("TagContactDelete",
                                    with_id<pb::TagContactDeleteRequest>("friends"));
  EXPECT_EQ(
      ask<pb::TagContactListResponse>("TagContactList", pb::TagContactListRequest{}).ids_size(), 0);
}

TEST_F(ServerRpcs, BytesThatAreNoMessageGetAStatus) {
  // An UploadRequest's bytes field where a text is expected: not UTF-8.
  pb::UploadRequest rubbish;
  rubbish.set_chunk("\xFF\xFE");
  pb::ContactPayloadResponse response;
  EXPECT_EQ(client_.try_to("ContactPayload", rubbish, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(ServerRpcs, WhatThePuppetThrowsIsTheStatus) {
  served_.world->add_fault({.hook = "message_send_text", .error = "the network is down"});
  pb::MessageSendTextRequest request;
  request.set_conversation_id("alice");
  request.set_text("x");
  const auto status = fail<pb::MessageSendTextResponse>("MessageSendText", request);
  EXPECT_NE(status.error_code(), grpc::StatusCode::OK);
  EXPECT_NE(status.error_message().find("the network is down"), std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
