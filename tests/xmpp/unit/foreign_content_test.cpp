// SPDX-License-Identifier: Apache-2.0
// What other clients send: Conversations, Gajim, Dino, bridges.
#include <gtest/gtest.h>

#include "puppet_xmpp/content.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace wechaty::puppet;  // NOLINT: payloads

Element saying(std::string_view body) {
  return Element{"message", ns::client}.add(Element{"body", ns::client, body});
}
Element oob(std::string_view url) {
  return Element{"x", ns::oob}.add(Element{"url", ns::oob, url});
}
/// A mark that part of the body, in code points, stands for something else.
Element fallback(std::string_view of, std::string_view start, std::string_view end) {
  return Element{"fallback", ns::fallback}.set("for", of).add(
      Element{"body", ns::fallback}.set("start", start).set("end", end));
}
MessageType type_of(const Element& message) {
  const auto content = read_content(message);
  return content ? content->type : MessageType::unknown;
}
std::string text_of(const Element& message) {
  const auto content = read_content(message);
  return content ? content->text : "nothing";
}

TEST(XmppForeignContent, AFileThatXep0447SharesNeedsNoOob) {
  Element sources = Element{"sources", ns::file_sharing}.add(
      Element{"url-data", ns::url_data}.set("target", "https://h/x/y"));
  Element message = saying("look at this");
  message.add(Element{"file-sharing", ns::file_sharing}
                  .add(Element{"file", ns::file_metadata}
                           .add(Element{"name", ns::file_metadata, "cat.jpg"})
                           .add(Element{"media-type", ns::file_metadata, "image/jpeg"}))
                  .add(std::move(sources)));
  const auto content = read_content(message);
  ASSERT_TRUE(content && content->file);
  EXPECT_EQ(*content->file, (Content::File{"https://h/x/y", "cat.jpg", "image/jpeg"}));
  EXPECT_EQ(content->text, "look at this");
}

TEST(XmppForeignContent, AFileThatXep0385Shares) {
  Element source = Element{"reference", ns::reference}.set("type", "data");
  Element sharing = Element{"media-sharing", ns::media_sharing};
  sharing.add(Element{"file", ns::jingle_file}
                  .add(Element{"name", ns::jingle_file, "song.ogg"})
                  .add(Element{"media-type", ns::jingle_file, "audio/ogg"}));
  sharing.add(Element{"sources", ns::media_sharing}
                  .add(Element{source}.set("uri", "xmpp:romeo@localhost/x?jingle"))
                  .add(Element{source}.set("uri", "https://h/x/z")));
  Element message = saying("https://h/x/z");
  message.add(Element{source}.add(std::move(sharing)));
  const auto content = read_content(message);
  ASSERT_TRUE(content && content->file);
  EXPECT_EQ(*content->file, (Content::File{"https://h/x/z", "song.ogg", "audio/ogg"}));
  EXPECT_TRUE(content->mentions.empty());
}

TEST(XmppForeignContent, ABlankAroundTheUrlOfAFileDoesNotMatter) {
  EXPECT_EQ(type_of(saying("https://h/x/a.png\n").add(oob(" https://h/x/a.png"))),
            MessageType::image);
}

TEST(XmppForeignContent, AUrlWithoutABodyIsALinkWhoseTextItIs) {
  const Element message = Element{"message", ns::client}.add(oob("https://h/page"));
  EXPECT_EQ(type_of(message), MessageType::url);
  EXPECT_EQ(text_of(message), "https://h/page");
}

TEST(XmppForeignContent, APlaceIsReadFromXep0080OrAGeoUri) {
  const Element place = Element{"geoloc", ns::geoloc}
                            .add(Element{"lat", ns::geoloc, " +48.5"})
                            .add(Element{"lon", ns::geoloc, "-16.25"})
                            .add(Element{"accuracy", ns::geoloc, "20"});
  const LocationPayload expected{.accuracy = 20, .latitude = 48.5, .longitude = -16.25};
  for (const Element& message :
       {Element{"message", ns::client}.add(place), saying("I am here").add(place),
        saying("geo:48.5,-16.25;u=20"), saying("geo:48.5,-16.25,300;crs=wgs84;u=20?z=3")}) {
    const auto content = read_content(message);
    ASSERT_TRUE(content && content->location) << message.to_xml();
    EXPECT_EQ(*content->location, expected) << message.to_xml();
    EXPECT_NE(content->text, "");
  }
}

TEST(XmppForeignContent, WhatIsNowhereIsNoPlace) {
  const auto place = [](std::string_view latitude, std::string_view longitude) {
    return saying("here").add(Element{"geoloc", ns::geoloc}
                                  .add(Element{"lat", ns::geoloc, latitude})
                                  .add(Element{"lon", ns::geoloc, longitude}));
  };
  for (const Element& message :
       {place("north", "2"), place("", "2"), place("1", "nan"), place("90.5", "2"),
        place("1", "181"), place("1x", "2"), saying("geo:1"), saying("geo:1,2 and geo:3,4"),
        saying("geo:1,x"), saying("see geo:1,2"), saying("geo:91,2")}) {
    EXPECT_EQ(type_of(message), MessageType::text) << message.to_xml();
  }
}

TEST(XmppForeignContent, AnAddressOfAPersonIsAContactCardAndOthersAreNot) {
  const auto contact = [](std::string_view body) {
    const auto content = read_content(saying(body));
    return content ? content->contact : "nothing";
  };
  EXPECT_EQ(contact("xmpp:Carol@localhost"), "carol@localhost");
  EXPECT_EQ(contact("xmpp:carol%2Btea@localhost?roster;name=Carol"), "carol+tea@localhost");
  EXPECT_EQ(contact("xmpp:carol@localhost?omemo-sid-1=ab"), "carol@localhost");
  EXPECT_EQ(contact("xmpp:lobby@conference.localhost?join"), "");
  EXPECT_EQ(contact("xmpp:localhost"), "");
  EXPECT_EQ(contact("ask xmpp:carol@localhost"), "");
}

TEST(XmppForeignContent, OfARosterExchangeTheFirstAdditionIsTheCard) {
  Element exchange{"x", ns::roster_exchange};
  exchange.add(Element{"item", ns::roster_exchange}.set("action", "delete").set("jid", "a@l"));
  exchange.add(Element{"item", ns::roster_exchange}.set("jid", "b@l"));
  const Element message = Element{"message", ns::client}.add(exchange);
  EXPECT_EQ(read_content(message)->contact, "b@l");
  EXPECT_EQ(text_of(message), "xmpp:b@l");
}

TEST(XmppForeignContent, AReplyIsItsOwnTextOnly) {
  const Element reply = Element{"reply", ns::reply}.set("to", "bot@localhost").set("id", "x");
  const std::string quote = "> \xE2\x98\x83 ding?\n";
  EXPECT_EQ(text_of(saying(quote + "dong").add(reply).add(fallback(ns::reply, "0", "10"))), "dong");
  EXPECT_EQ(text_of(saying(quote + "dong").add(reply)), quote + "dong");
  EXPECT_EQ(text_of(saying("dong").add(fallback(ns::reply, "0", "2"))), "dong");
}

TEST(XmppForeignContent, AReplyIsNeverEmptiedAndItsRangesMayBeAnything) {
  const Element reply = Element{"reply", ns::reply}.set("id", "x");
  for (const auto& [start, end] :
       {std::pair{"", ""}, std::pair{"0", "99999999999999999999"}, std::pair{"0", "4"},
        std::pair{"3", "1"}, std::pair{"900", "901"}, std::pair{"-1", "x"}}) {
    EXPECT_EQ(text_of(saying("dong").add(reply).add(fallback(ns::reply, start, end))), "dong")
        << start << " " << end;
  }
}

TEST(XmppForeignContent, AReactionSaysNothingWithWhateverStandsForIt) {
  const Element reactions = Element{"reactions", ns::reactions}.set("id", "x").add(
      Element{"reaction", ns::reactions, "\xF0\x9F\x91\x8D"});
  EXPECT_FALSE(read_content(Element{"message", ns::client}.add(reactions)));
  EXPECT_FALSE(read_content(saying("").add(reactions)));
  EXPECT_FALSE(read_content(saying("> hi\n\xF0\x9F\x91\x8D")
                                .add(reactions)
                                .add(Element{"fallback", ns::fallback}.set("for", ns::reactions))));
  EXPECT_FALSE(
      read_content(saying("liked it").add(reactions).add(fallback(ns::reactions, "0", "8"))));
}

TEST(XmppForeignContent, ACopyOfAReplyLeavesTheQuoteBehind) {
  Element reply = saying("> ding\ndong").add(Element{"reply", ns::reply}.set("id", "x"));
  reply.add(fallback(ns::reply, "0", "7"));
  Element copy{"message", ns::client};
  ASSERT_TRUE(copy_content(copy, reply));
  EXPECT_EQ(copy.to_xml(ns::client), "<message><body>dong</body></message>");
}

TEST(XmppForeignContent, MentionsMayBePercentEncoded) {
  Element message = saying("A B: hi");
  message.add(Element{"reference", ns::reference}
                  .set("type", "mention")
                  .set("uri", "xmpp:lobby@c.localhost/A%20B"));
  EXPECT_EQ(read_content(message)->mentions, std::vector<std::string>{"lobby@c.localhost/A B"});
}

TEST(XmppForeignContent, ARetractionIsReadInEveryFormOfTheTime) {
  const auto fastened = [](std::string_view version) {
    return saying("they retracted")
        .add(Element{"apply-to", ns::fasten}.set("id", "x").add(Element{"retract", version}));
  };
  EXPECT_EQ(retracted_id(fastened(ns::retract_old)), "x");
  EXPECT_EQ(retracted_id(fastened(ns::retract)), "x");
  EXPECT_EQ(retracted_id(fastened("urn:example:pin")), "");
  EXPECT_EQ(retracted_id(saying("").add(Element{"retract", ns::retract}.set("id", "x"))), "x");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
