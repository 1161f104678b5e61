// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/bytes.hpp"
#include "xmpp/support/network.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

class XmppMessages : public XmppTest {
 protected:
  /// Alice sends this inside of a message. @result what the bot hears
  MessagePayload hear(const std::string& content) {
    peers().send(alice_, "<message xmlns='jabber:client' type='chat' id='x" +
                             std::to_string(messages_) + "' to='" + bot() + "'>" + content +
                             "</message>");
    return next_message();
  }
};

TEST_F(XmppMessages, FilesGoBothWays) {
  log_in();
  const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
  const auto id = puppet_->message_send_file(alice(), FileBox::from_buffer(png, "a b.png"));
  const std::string seen = peers().wait(alice_, {id});
  EXPECT_NE(seen.find("<media-type>image/png</media-type>"), std::string::npos) << seen;
  EXPECT_EQ(puppet_->message_payload(id).type, MessageType::image);
  next_message();  // the own one
  peers().ask(alice_, "upload",
              {{"to", bot()},
               {"name", "photo"},
               {"media_type", "image/png"},
               {"base64_text", to_base64(png)}});
  const MessagePayload message = next_message();
  EXPECT_EQ(message.type, MessageType::image);
  EXPECT_EQ(message.filename, "photo");
  const FileBox file = puppet_->message_file(message.id);
  EXPECT_EQ(file.name(), "photo.png");
  EXPECT_EQ(file.to_text(), png);
}

TEST_F(XmppMessages, AFileFromAnywhereIsNotFetched) {
  log_in();
  const auto message = hear(
      "<body>http://192.0.2.1/secret.png</body>"
      "<x xmlns='jabber:x:oob'><url>http://192.0.2.1/secret.png</url></x>");
  EXPECT_EQ(message.type, MessageType::image);
  EXPECT_THROW(static_cast<void>(puppet_->message_file(message.id)), InvalidArgumentError);
}

TEST_F(XmppMessages, LinksLocationsAndCardsGoBothWays) {
  log_in();
  const UrlLinkPayload link{.description = "d", .title = "t", .url = "https://example.org/"};
  const LocationPayload place{.accuracy = 5, .latitude = 1.5, .longitude = 2.5, .name = "here"};
  const auto link_id = puppet_->message_send_url(alice(), link);
  const auto place_id = puppet_->message_send_location(alice(), place);
  const auto card_id = puppet_->message_send_contact(alice(), alice());
  EXPECT_NE(peers().wait(alice_, {link_id}).find("https://example.org/"), std::string::npos);
  EXPECT_NE(peers().wait(alice_, {place_id}).find("geo:1.5,2.5"), std::string::npos);
  EXPECT_NE(peers().wait(alice_, {card_id}).find("rosterx"), std::string::npos);
  for (int i = 0; i < 3; ++i) next_message();
  auto message = hear(
      "<body>Title\nhttps://example.org/p</body><x xmlns='jabber:x:oob'>"
      "<url>https://example.org/p</url><desc>Title</desc></x>");
  EXPECT_EQ(message.type, MessageType::url);
  EXPECT_EQ(puppet_->message_url(message.id).title, "Title");
  message = hear(
      "<body>geo:3,4</body><geoloc xmlns='http://jabber.org/protocol/geoloc'>"
      "<lat>3</lat><lon>4</lon></geoloc>");
  EXPECT_EQ(message.type, MessageType::location);
  EXPECT_EQ(puppet_->message_location(message.id).longitude, 4);
  message = hear(
      "<body>xmpp:carol@localhost</body><x xmlns='http://jabber.org/protocol/rosterx'>"
      "<item action='add' jid='carol@localhost'/></x>");
  EXPECT_EQ(message.type, MessageType::contact);
  EXPECT_EQ(puppet_->message_contact(message.id), "carol@localhost");
}

TEST_F(XmppMessages, AForwardCarriesTheContentOn) {
  log_in();
  const auto message = hear(
      "<body>geo:3,4</body><geoloc xmlns='http://jabber.org/protocol/geoloc'>"
      "<lat>3</lat><lon>4</lon></geoloc>");
  const auto copy = puppet_->message_forward(alice(), message.id);
  EXPECT_NE(peers().wait(alice_, {copy}).find("<lat>3</lat>"), std::string::npos);
}

TEST_F(XmppMessages, ARecallIsSeenByTheOther) {
  log_in();
  const auto id = puppet_->message_send_text(alice(), "oops");
  EXPECT_TRUE(puppet_->message_recall(id));
  peers().wait(alice_, {"urn:xmpp:message-retract:1", id});
  EXPECT_EQ(puppet_->message_payload(id).type, MessageType::recalled);
}

TEST_F(XmppMessages, ARecallInARoomNamesTheRoomsId) {
  log_in();
  const std::string room = room_with_alice();
  const auto id = puppet_->message_send_text(room, "oops");
  const std::string seen = peers().wait(alice_, {id, "oops"});
  const std::string archive_id = attribute_in(seen, "<stanza-id", "id");
  ASSERT_NE(archive_id, "");
  EXPECT_TRUE(puppet_->message_recall(id));
  peers().wait(alice_, {"urn:xmpp:message-retract:1", archive_id});
}

TEST_F(XmppMessages, TheOthersRecallIsAMessageOfThatType) {
  log_in();
  const std::string sent = say(bot(), "oops");
  const auto original = next_message();
  peers().ask(alice_, "retract", {{"to", bot()}, {"id", sent}});
  const auto recall = next_message();
  EXPECT_EQ(recall.type, MessageType::recalled);
  EXPECT_EQ(recall.text, original.id);
  EXPECT_EQ(puppet_->message_payload(original.id).type, MessageType::recalled);
}

TEST_F(XmppMessages, ACorrectionChangesTheMessage) {
  log_in();
  const std::string sent = say(bot(), "helo");
  const auto original = next_message();
  peers().ask(alice_, "correct", {{"to", bot()}, {"id", sent}, {"text", "hello"}});
  ASSERT_TRUE(log_->wait_for("dirty 1 " + original.id));
  EXPECT_EQ(puppet_->message_payload(original.id).text, "hello");
  EXPECT_EQ(log_->of("message").size(), 1U);
}

TEST_F(XmppMessages, ReceiptsAndReadMarksReachTheOther) {
  log_in();
  const auto message = hear(
      "<body>hi</body><request xmlns='urn:xmpp:receipts'/>"
      "<markable xmlns='urn:xmpp:chat-markers:0'/>");
  peers().wait(alice_, {"urn:xmpp:receipts", "received", "x0"});
  puppet_->set_conversation_read_mark(message.talker_id, true);
  peers().wait(alice_, {"displayed", "urn:xmpp:chat-markers:0", "x0"});
  EXPECT_THROW(puppet_->set_conversation_read_mark(alice(), false), UnsupportedError);
}

TEST_F(XmppMessages, AMessageThatIsKnownNoMoreComesFromTheArchive) {
  log_in();
  say(bot(), "remember me");
  const auto message = next_message();
  puppet_->stop();
  log_in();  // nothing of it is in this session's memory
  EXPECT_EQ(puppet_->message_payload(message.id).text, "remember me");
  EXPECT_THROW(static_cast<void>(puppet_->message_payload("never-said")), NotFoundError);
}

TEST_F(XmppMessages, InAnotherProcessMessagesReadAsTheyDid) {
  log_in();
  const std::string room = room_with_alice();
  std::vector<std::string> ids;
  std::map<std::string, MessagePayload> before;
  const auto own_text = puppet_->message_send_text(alice(), "my text");
  const auto own_place = puppet_->message_send_location(alice(), {.latitude = 1, .longitude = 2});
  const auto own_in_room = puppet_->message_send_text(room, "to all");
  for (int i = 0; i < 3; ++i) next_message();
  const std::string corrected_sent = say(bot(), "helo");
  const auto corrected = next_message().id;
  peers().ask(alice_, "correct", {{"to", bot()}, {"id", corrected_sent}, {"text", "hello"}});
  ASSERT_TRUE(log_->wait_for("dirty 1 " + corrected));
  const std::string recalled_sent = say(bot(), "oops");
  const auto recalled = next_message().id;
  peers().ask(alice_, "retract", {{"to", bot()}, {"id", recalled_sent}});
  const auto recall = next_message().id;
  say(room, "hi all", "groupchat");
  const auto in_room = next_message().id;
  const auto own_recalled = puppet_->message_send_text(alice(), "never mind");
  EXPECT_TRUE(puppet_->message_recall(own_recalled));
  for (const auto& id : {own_text, own_place, own_in_room, corrected, recalled, in_room}) {
    ids.push_back(id);
    before[id] = puppet_->message_payload(id);
  }
  puppet_->stop();
  log_in();
  for (const auto& id : ids) {
    MessagePayload now = puppet_->message_payload(id);
    EXPECT_LE(std::chrono::abs(now.timestamp - before[id].timestamp), std::chrono::seconds{5});
    now.timestamp = before[id].timestamp;
    if (!before[id].text) now.text.reset();  // the body for clients that know no places
    EXPECT_EQ(now, before[id]) << id << " " << now.text.value_or("");
  }
  EXPECT_EQ(puppet_->message_payload(corrected).text, "hello");
  EXPECT_EQ(puppet_->message_payload(recalled).type, MessageType::recalled);
  EXPECT_EQ(puppet_->message_payload(recall).type, MessageType::recalled);
  EXPECT_EQ(puppet_->message_payload(own_recalled).type, MessageType::recalled);
  EXPECT_EQ(puppet_->message_location(own_place).longitude, 2);
}

// --- contacts ------------------------------------------------------------------------------------

class XmppContacts : public XmppTest {};

TEST_F(XmppContacts, AliasTagsAndNotesStick) {
  log_in();
  puppet_->set_contact_alias(alice(), "Al & Co");
  puppet_->tag_contact_add("friends", alice());
  puppet_->tag_contact_add("tea", alice());
  puppet_->tag_contact_remove("friends", alice());
  const std::vector<std::string> phones{"123", "456"};
  puppet_->set_contact_phone(alice(), phones);
  puppet_->set_contact_description(alice(), "late for a date");
  puppet_->stop();
  log_in();
  const auto payload = puppet_->contact_payload(alice());
  EXPECT_EQ(payload.alias, "Al & Co");
  EXPECT_EQ(payload.phone, phones);
  EXPECT_EQ(payload.description, "late for a date");
  EXPECT_EQ(payload.is_friend, true);
  EXPECT_EQ(puppet_->tag_contact_list(alice()), std::vector<std::string>{"tea"});
  EXPECT_EQ(puppet_->tag_contact_list(), std::vector<std::string>{"tea"});
  EXPECT_EQ(puppet_->contact_list(), std::vector{alice()});
  puppet_->tag_contact_delete("tea");
  EXPECT_EQ(puppet_->tag_contact_list(), std::vector<std::string>{});
}

TEST_F(XmppContacts, NamesAndPicturesOfOthersAreSeenAndFollowed) {
  log_in();
  EXPECT_EQ(puppet_->contact_payload(alice()).name, alice_);
  peers().ask(alice_, "nick", {{"name", "Alice L."}});
  ASSERT_TRUE(log_->wait_for("dirty 2 " + alice()));
  EXPECT_EQ(puppet_->contact_payload(alice()).name, "Alice L.");
  const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
  peers().ask(alice_, "avatar", {{"media_type", "image/png"}, {"base64_text", to_base64(png)}});
  ASSERT_TRUE(log_->wait_for("dirty 2 " + alice(), 2));
  EXPECT_EQ(puppet_->contact_avatar(alice()).to_text(), png);
  EXPECT_EQ(puppet_->contact_avatar(alice()).media_type(), "image/png");
}

TEST_F(XmppContacts, TheOwnProfileIsSeenByOthers) {
  log_in();
  puppet_->set_contact_self_name("Ding Dong");
  puppet_->set_contact_self_signature("I answer");
  const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
  puppet_->set_contact_avatar(bot(), FileBox::from_buffer(png, "me.png"));
  EXPECT_EQ(puppet_->contact_payload(bot()).name, "Ding Dong");
  EXPECT_EQ(puppet_->contact_payload(bot()).signature, "I answer");
  const std::string card = peers().ask(alice_, "ask",
                                       {{"xml", "<iq xmlns='jabber:client' type='get' to='" +
                                                    bot() + "'><vCard xmlns='vcard-temp'/></iq>"}});
  EXPECT_NE(card.find("Ding Dong"), std::string::npos) << card;
  EXPECT_NE(card.find(to_base64(png)), std::string::npos) << card;
  EXPECT_EQ(puppet_->contact_self_qr_code(), "xmpp:" + bot() + "?subscribe");
}

TEST_F(XmppContacts, AFriendRequestIsReceivedAndAccepted) {
  const std::string carol = "carol" + bot_;
  server().add_account(carol);
  peers().login(carol, carol, server());
  log_in();
  peers().send(carol, "<presence xmlns='jabber:client' type='subscribe' to='" + bot() +
                          "'><status>it is me</status></presence>");
  ASSERT_TRUE(log_->wait_for("friendship"));
  const std::string id = log_->of("friendship")[0].substr(std::string{"friendship "}.size());
  EXPECT_EQ(puppet_->friendship_payload(id).hello, "it is me");
  EXPECT_EQ(puppet_->friendship_payload(id).contact_id, carol + "@localhost");
  puppet_->friendship_accept(id);
  peers().wait(carol, {"type=\"subscribed\"", bot()});
  peers().ask(carol, "quit");
}

TEST_F(XmppContacts, AFriendRequestIsSentAndConfirmed) {
  const std::string carol = "dora" + bot_;
  server().add_account(carol);
  peers().login(carol, carol, server());
  log_in();
  puppet_->friendship_add(carol + "@localhost", {.hello = "hello Dora"});
  peers().wait(carol, {"type=\"subscribe\"", "hello Dora"});
  peers().send(carol, "<presence xmlns='jabber:client' type='subscribed' to='" + bot() + "'/>");
  ASSERT_TRUE(log_->wait_for("friendship friendship:" + carol + "@localhost:confirm"));
  EXPECT_TRUE(puppet_->contact_payload(carol + "@localhost").is_friend.value_or(false));
  peers().ask(carol, "quit");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
