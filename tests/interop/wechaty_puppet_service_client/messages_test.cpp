// SPDX-License-Identifier: Apache-2.0
// Every kind of message, from the network to the client and from the client to the network.
#include "served.hpp"
#include "support/address_book.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;

class NpmMessages : public NpmWechaty {
 protected:
  void SetUp() override {
    NpmWechaty::SetUp();
    log_in();
  }
  Json from_alice(SayablePayload what, const std::string& to = "bot") {
    return message(world_->person("alice").say(std::move(what)).to(to));
  }
  template <class T>
  T content(const Json& id) {
    return std::get<T>(world_->message(id.get<std::string>()).content.value);
  }
  struct File {
    MessageType type;
    std::string name, content;
  };
  /// One of every type and more, with the bytes that such files begin with.
  static std::vector<File> files() {
    using namespace std::string_literals;
    std::vector<File> all{{MessageType::attachment, "a.pdf", "%PDF-1.4\n"},
                          {MessageType::audio, "a.mp3", "ID3\x04"},
                          {MessageType::image, "a.jpg", "\xFF\xD8\xFF\xE0"},
                          {MessageType::image, "a.png", "\x89PNG\r\n\x1A\n"},
                          {MessageType::video, "a.webm", "\x1A\x45\xDF\xA3"},
                          {MessageType::video, "a.mp4",
                           "\0\0\0\x18"
                           "ftypmp42"s},
                          {MessageType::emoticon, "a.gif", "GIF89a"}};
    for (auto& file : all) file.content += pattern(99);
    return all;
  }

  puppet::test::AddressBook book_;  // a puppet that says what it is told to
};

TEST_F(NpmMessages, ATextComesWithEverythingThatBelongsToIt) {
  const auto before = std::chrono::system_clock::now().time_since_epoch();
  const std::string id = world_->person("alice").say("hi, @bot", {"bot"}).to("lobby");
  const Json got = message(id);
  EXPECT_EQ(got.at("id"), id);
  EXPECT_EQ(got.at("type"), 7);
  EXPECT_EQ(got.at("text"), "hi, @bot");
  EXPECT_EQ(got.at("talkerId"), "alice");
  EXPECT_EQ(got.at("roomId"), "lobby");
  EXPECT_EQ(got.at("mentionIdList"), Json::array({"bot"}));
  EXPECT_GE(got.at("timestamp").get<double>(),
            std::chrono::duration_cast<std::chrono::milliseconds>(before).count());
  const Json said =
      js("const m = await bot.Message.find({ id });"
         "return [m.talker().name(), await m.room().topic(), await m.mentionSelf(), m.text()]",
         {{"id", id}});
  EXPECT_EQ(said, Json::array({"Alice", "Lobby", true, "hi, @bot"}));
}

TEST_F(NpmMessages, ATextToThePuppetAloneHasItAsListener) {
  const Json got = message(world_->person("alice").say("hi").to("bot"));
  EXPECT_EQ(got.at("listenerId"), "bot");
  EXPECT_EQ(got.at("roomId"), "");
}

TEST_F(NpmMessages, TextsOfAnyScriptSurvive) {
  const std::string text = "\xF0\x9F\x98\x80 \xE4\xBD\xA0\xE5\xA5\xBD\n\t\"\\ \xD8\xB9";
  EXPECT_EQ(message(world_->person("alice").say(text).to("bot")).at("text"), text);
  const Json id = js("return await puppet.messageSendText('alice', text)", {{"text", text}});
  EXPECT_EQ(world_->message(id.get<std::string>()).payload.text, text);
}

TEST_F(NpmMessages, ATextIsSentWithItsMentions) {
  const Json id = js("return await puppet.messageSendText('lobby', 'look, @Alice', ['alice'])");
  EXPECT_EQ(content<SayableText>(id), (SayableText{"look, @Alice", {"alice"}}));
  EXPECT_EQ(message(id).at("mentionIdList"), Json::array({"alice"}));
}

TEST_F(NpmMessages, AContactCardGoesBothWays) {
  const Json got = from_alice({SayableContact{"bob"}});
  EXPECT_EQ(got.at("type"), 3);
  EXPECT_EQ(js("return await puppet.messageContact(id)", {{"id", got.at("id")}}), "bob");
  const Json id = js("return await puppet.messageSendContact('alice', 'bob')");
  EXPECT_EQ(content<SayableContact>(id).contact_id, "bob");
  EXPECT_EQ(js("return (await (await bot.Message.find({ id })).toContact()).name()", {{"id", id}}),
            "Bob");
}

TEST_F(NpmMessages, AUrlGoesBothWays) {
  const UrlLinkPayload link{.description = "what",
                            .thumbnail_url = "https://x.y/t.png",
                            .title = "Title",
                            .url = "https://x.y/"};
  const Json got = from_alice({link});
  EXPECT_EQ(got.at("type"), 14);
  const Json read = js("return await puppet.messageUrl(id)", {{"id", got.at("id")}});
  EXPECT_EQ(read.at("title"), "Title");
  EXPECT_EQ(read.at("url"), "https://x.y/");
  EXPECT_EQ(read.at("description"), "what");
  EXPECT_EQ(read.at("thumbnailUrl"), "https://x.y/t.png");
  const Json id = js("return await puppet.messageSendUrl('alice', link)", {{"link", read}});
  EXPECT_EQ(content<UrlLinkPayload>(id), link);
}

TEST_F(NpmMessages, AMiniProgramGoesBothWays) {
  const MiniProgramPayload program{.appid = "wx1",
                                   .description = "d",
                                   .page_path = "p",
                                   .icon_url = "https://x.y/i",
                                   .share_id = "s",
                                   .thumb_url = "https://x.y/t",
                                   .title = "t",
                                   .username = "u",
                                   .thumb_key = "k"};
  const Json got = from_alice({program});
  EXPECT_EQ(got.at("type"), 9);
  const Json read = js("return await puppet.messageMiniProgram(id)", {{"id", got.at("id")}});
  EXPECT_EQ(read, (Json{{"appid", "wx1"},
                        {"description", "d"},
                        {"pagePath", "p"},
                        {"iconUrl", "https://x.y/i"},
                        {"shareId", "s"},
                        {"thumbUrl", "https://x.y/t"},
                        {"title", "t"},
                        {"username", "u"},
                        {"thumbKey", "k"}}));
  const Json id =
      js("return await puppet.messageSendMiniProgram('alice', program)", {{"program", read}});
  EXPECT_EQ(content<MiniProgramPayload>(id), program);
}

TEST_F(NpmMessages, ALocationGoesOutAndTheReferenceCannotReadOne) {
  const LocationPayload place{.accuracy = 15,
                              .address = "Street 1",
                              .latitude = 39.995,
                              .longitude = 116.335,
                              .name = "Here"};
  const Json id =
      js("return await puppet.messageSendLocation('alice', { accuracy: 15, address: 'Street 1',"
         "  latitude: 39.995, longitude: 116.335, name: 'Here' })");
  EXPECT_EQ(content<LocationPayload>(id), place);

  const Json got = from_alice({place});
  EXPECT_EQ(got.at("type"), 8);
  // The reference fails here: it spreads the message object instead of its fields
  // (wechaty-puppet-service, src/client/puppet-service.ts, messageLocation()).
  const Json read = js("return await puppet.messageLocation(id)", {{"id", got.at("id")}});
  EXPECT_EQ(read.at("address"), "NOADDRESS");
  EXPECT_EQ(read.at("name"), "NONAME");
  EXPECT_EQ(read.at("latitude"), 0);
  // That it has come all the same can be seen in what the object has inside.
  EXPECT_NE(read.dump().find("Street 1"), std::string::npos);
}

TEST_F(NpmMessages, FilesComeAsWhatTheyAre) {
  for (const auto& [type, name, content] : files()) {
    const FileBox file = FileBox::from_buffer(content, name);
    const Json got = from_alice({SayableFile{.type = type, .file = file}});
    EXPECT_EQ(got.at("type"), static_cast<int>(type)) << name;
    EXPECT_EQ(got.at("filename"), name);
    EXPECT_EQ(
        js("const box = await puppet.messageFile(id); return [box.name, await box.toBase64()]",
           {{"id", got.at("id")}}),
        Json::array({name, file.to_base64()}));
  }
}

TEST_F(NpmMessages, FilesGoOutAsWhatTheyAre) {
  for (auto [type, name, content] : files()) {
    // The network itself takes a moving picture for a picture.
    if (type == MessageType::emoticon) type = MessageType::image;
    for (const bool is_large : {false, true}) {  // in the call itself, and by Upload
      if (is_large) content += pattern(30'000);
      const Json id =
          js("return await puppet.messageSendFile('alice', FileBox.fromBase64(content, name))",
             {{"name", name}, {"content", FileBox::from_buffer(content, name).to_base64()}});
      const auto sent = world_->message(id.get<std::string>());
      EXPECT_EQ(sent.payload.type, type) << name;
      EXPECT_EQ(sent.payload.filename, name);
      EXPECT_TRUE(this->content<SayableFile>(id).file.to_text() == content) << name;
      EXPECT_EQ(message(id).at("type"), static_cast<int>(type)) << name;
    }
  }
}

TEST_F(NpmMessages, TheNumberOfEveryTypeComesAsItIs) {
  js("await puppet.stop()");
  serve(book_);
  make("types");
  js("await bot.start(); await client.heard('login')");
  for (const int type : {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18}) {
    const std::string id = "m" + std::to_string(type);
    book_.report_message({.id = id,
                          .talker_id = "alice",
                          .type = static_cast<MessageType>(type),
                          .text = "what it says",
                          .listener_id = "bot"});
    const Json got = message(id);
    EXPECT_EQ(got.at("type"), type);
    EXPECT_EQ(got.at("text"), "what it says") << type;
  }
}

TEST_F(NpmMessages, AnImageComesInEverySize) {
  const Json got = from_alice({SayableFile{
      .type = MessageType::image, .file = FileBox::from_buffer(pattern(30'000), "a.jpg")}});
  for (const char* const type : {"Thumbnail", "HD", "Artwork"}) {
    const Json file =
        js("return await look(await puppet.messageImage(id, PUPPET.types.Image[type]))",
           {{"id", got.at("id")}, {"type", type}});
    EXPECT_TRUE(file.at("same")) << type;
    EXPECT_EQ(file.at("size"), 30'000) << type;
  }
  EXPECT_TRUE(js("return (await look(await (await bot.Message.find({ id })).toImage().hd())).same",
                 {{"id", got.at("id")}}));
}

TEST_F(NpmMessages, APostComesAsAMessageAndTheReferenceKnowsNoMoreOfThem) {
  PostPayload post;
  post.sayable_list = std::vector<SayablePayload>{{SayableText{"news", {}}}};
  EXPECT_EQ(from_alice({post}).at("type"), 16);
  // Posts are not on the wire: wechaty-puppet-service, src/client/puppet-service.ts has none of it.
  for (const char* const call :
       {"messageSendPost('alice', {})", "postRawPayload('p')", "postPublish({})", "postSearch({})",
        "tap('p')", "tapSearch('p')"}) {
    EXPECT_NE(npm_.error_of("await puppet." + std::string{call}).find("is not a function"),
              std::string::npos)
        << call;
  }
}

TEST_F(NpmMessages, AReadMarkIsNotOnTheWire) {
  // wechaty-puppet-service, src/client/puppet-service.ts, conversationReadMark()
  EXPECT_NE(npm_.error_of("await puppet.conversationReadMark('alice')").find("Unsupported API"),
            std::string::npos);
}

TEST_F(NpmMessages, EveryKindIsForwarded) {
  std::vector<SayablePayload> kinds{
      {SayableText{"pass it on", {}}},
      {SayableContact{"alice"}},
      {LocationPayload{.accuracy = 15,
                       .address = "Street 1",
                       .latitude = 39.995,
                       .longitude = 116.335,
                       .name = "Here"}},
      {MiniProgramPayload{.appid = "wx1", .title = "t", .username = "u"}},
      {UrlLinkPayload{.title = "Title", .url = "https://x.y/"}}};
  for (const auto& [type, name, content] : files()) {
    kinds.push_back({SayableFile{.type = type, .file = FileBox::from_buffer(content, name)}});
  }
  for (const auto& what : kinds) {
    const Json got = from_alice(what);
    const Json copy = js("return await puppet.messageForward('bob', id)", {{"id", got.at("id")}});
    const auto sent = world_->message(copy.get<std::string>());
    EXPECT_NE(copy, got.at("id"));
    EXPECT_EQ(sent.payload.listener_id, "bob");
    EXPECT_TRUE(sent.content == what) << got.at("type");
    const Json read = message(copy);
    for (const char* const field : {"type", "text", "filename"}) {
      EXPECT_EQ(read.at(field), got.at(field)) << got.at("type");
    }
  }
}

TEST_F(NpmMessages, OnesOwnCanBeTakenBackAndOthersCannot) {
  const Json id = js("return await puppet.messageSendText('alice', 'oops')");
  EXPECT_EQ(message(id).at("type"), 7);
  EXPECT_TRUE(js("return await puppet.messageRecall(id)", {{"id", id}}));
  EXPECT_EQ(world_->message(id.get<std::string>()).payload.type, MessageType::recalled);
  const Json other = message(world_->person("alice").say("mine").to("bot"));
  EXPECT_FALSE(js("return await puppet.messageRecall(id)", {{"id", other.at("id")}}));
}

TEST_F(NpmMessages, WhatAnotherTakesBackIsARecalledMessage) {
  const std::string id = world_->person("alice").say("oops").to("bot");
  EXPECT_EQ(message(id).at("type"), 7);
  ASSERT_TRUE(world_->recall("alice", id));
  heard("message", 2);
  const Json ids =
      js("return client.lines.filter(line => line.startsWith('message '))"
         "  .map(line => JSON.parse(line.slice(8)).messageId)");
  const Json recall = message(ids.at(1));
  EXPECT_EQ(recall.at("type"), 13);
  EXPECT_EQ(recall.at("text"), id);
  // The message itself was told dirty, so that it is read anew.
  heard("dirty");
  EXPECT_EQ(js("return (await puppet.messagePayload(id)).type", {{"id", id}}), 13);
}

TEST_F(NpmMessages, SayOfWechatySendsWhatItIsGiven) {
  js("globalThis.alice = await bot.Contact.find({ id: 'alice' })");
  const Json text = js("return (await alice.say('hi')).id");
  EXPECT_EQ(world_->message(text.get<std::string>()).payload.text, "hi");
  const Json card = js("return (await alice.say(await bot.Contact.find({ id: 'bob' }))).id");
  EXPECT_EQ(content<SayableContact>(card).contact_id, "bob");
  const Json file =
      js("return (await alice.say(FileBox.fromBase64(pattern(30000).toString('base64'), "
         "'a.txt'))).id");
  EXPECT_TRUE(content<SayableFile>(file).file.to_text() == pattern(30'000));
  const Json link =
      js("return (await alice.say(new bot.UrlLink({ title: 't', url: 'https://x.y/' }))).id");
  EXPECT_EQ(content<UrlLinkPayload>(link).title, "t");
  const Json room =
      js("return (await (await bot.Room.find({ id: 'lobby' })).say('hi all', alice)).id");
  EXPECT_EQ(content<SayableText>(room).mentions, std::vector<std::string>{"alice"});
}

TEST_F(NpmMessages, ARefusedSendIsAnErrorWithThePuppetsWords) {
  world_->add_fault({.hook = "message_send_text", .error = "not today"});
  EXPECT_EQ(npm_.error_of("await puppet.messageSendText('alice', 'hi')"),
            "2 UNKNOWN: Error: message_send_text: not today");
}

}  // namespace
}  // namespace wechaty::puppet_service::test
