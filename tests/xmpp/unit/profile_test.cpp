// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/profile.hpp"

#include <gtest/gtest.h>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppProfiles, TheNickComesBeforeTheVCard) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect(Element{"vCard", ns::vcard}
                  .add(Element{"FN", ns::vcard, "Alice Liddell"})
                  .add(Element{"NOTE", ns::vcard, "curious"}));
  wire.expect(Element{"pubsub", ns::pubsub}.add(Element{"items", ns::pubsub}.add(
      Element{"item", ns::pubsub}.add(Element{"nick", ns::nick, "Al"}))));
  const Profile profile = profiles.load("alice@localhost");
  EXPECT_EQ(profile.name, "Al");
  EXPECT_EQ(profile.description, "curious");
}

TEST(XmppProfiles, WhoShowsNothingHasAnEmptyProfile) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect_error("service-unavailable");
  wire.expect_error("forbidden");
  EXPECT_EQ(profiles.load("stranger@localhost").name, "");
}

TEST(XmppProfiles, APictureThatDoesNotFitIsRefused) {
  FakeWire wire;
  Profiles profiles{wire};
  EXPECT_THROW(
      profiles.set_own_picture({.media_type = "image/png", .bytes = std::string(200'000, 'x')}),
      puppet::TooLargeError);
}

Element items(Element payload) {
  return Element{"pubsub", ns::pubsub}.add(Element{"items", ns::pubsub}.add(
      Element{"item", ns::pubsub}.set("id", "1").add(std::move(payload))));
}

TEST(XmppProfiles, FieldsOfTheVCardAreRead) {
  FakeWire wire;
  Profiles profiles{wire};
  const auto field = [](const char* name, const char* text) {
    return Element{name, ns::vcard, text};
  };
  wire.expect(Element{"vCard", ns::vcard}
                  .add(field("NICKNAME", "Al"))
                  .add(field("FN", "Alice"))
                  .add(field("DESC", "curious"))
                  .add(Element{"TEL", ns::vcard}.add(field("NUMBER", "123")))
                  .add(Element{"TEL", ns::vcard}.add(field("VOICE", "")))
                  .add(Element{"ADR", ns::vcard}
                           .add(field("LOCALITY", "Oxford"))
                           .add(field("REGION", "Oxfordshire"))
                           .add(field("STREET", "High Street")))
                  .add(Element{"ORG", ns::vcard}.add(field("ORGNAME", "ACME"))));
  wire.expect_error("item-not-found");
  const Profile profile = profiles.load("alice@localhost");
  EXPECT_EQ(profile.name, "Al");
  EXPECT_EQ(profile.description, "curious");
  EXPECT_EQ(profile.phones, std::vector<std::string>{"123"});
  EXPECT_EQ(profile.city, "Oxford");
  EXPECT_EQ(profile.province, "Oxfordshire");
  EXPECT_EQ(profile.address, "High Street");
  EXPECT_EQ(profile.corporation, "ACME");
}

TEST(XmppProfiles, APictureIsThePublishedOneElseThatOfTheVCard) {
  FakeWire wire;
  Profiles profiles{wire};
  const Element info = Element{"metadata", ns::avatar_metadata}.add(
      Element{"info", ns::avatar_metadata}.set("type", "image/jpeg"));
  wire.expect(items(info));
  wire.expect(items(Element{"data", ns::avatar_data, to_base64("jpeg")}));
  Picture picture = profiles.picture("alice@localhost");
  EXPECT_EQ(picture.bytes, "jpeg");
  EXPECT_EQ(picture.media_type, "image/jpeg");
  wire.expect(items(info));
  wire.expect(items(Element{"data", ns::avatar_data, "no base64!"}));
  wire.expect(
      Element{"vCard", ns::vcard}.add(Element{"PHOTO", ns::vcard}
                                          .add(Element{"TYPE", ns::vcard, "image/png"})
                                          .add(Element{"BINVAL", ns::vcard, to_base64("png")})));
  picture = profiles.picture("alice@localhost");
  EXPECT_EQ(picture.bytes, "png");
  EXPECT_EQ(picture.media_type, "image/png");
  wire.expect_error("forbidden");
  wire.expect_error("service-unavailable");
  EXPECT_THROW(static_cast<void>(profiles.picture("alice@localhost")), puppet::NotFoundError);
}

TEST(XmppProfiles, AServerThatIsSilentIsNoEmptyProfile) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect(Element{"vCard", ns::vcard});
  wire.answers.push_back(
      [](const Element&) -> Element { throw puppet::TimeoutError{"nothing came"}; });
  EXPECT_THROW(static_cast<void>(profiles.load("alice@localhost")), puppet::TimeoutError);
}

TEST(XmppProfiles, AChangeOfTheOwnCardKeepsTheRestOfIt) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect(Element{"vCard", ns::vcard}
                  .add(Element{"FN", ns::vcard, "Bot"})
                  .add(Element{"DESC", ns::vcard, "before"})
                  .add(Element{"NOTE", ns::vcard, "before"}));
  wire.expect_ok();
  profiles.set_own_description("after");
  EXPECT_EQ(wire.asked.at(0).find(" to="), std::string::npos);
  EXPECT_NE(wire.asked.at(1).find("<FN>Bot</FN><DESC>after</DESC>"), std::string::npos)
      << wire.asked[1];
  EXPECT_EQ(wire.asked[1].find("before"), std::string::npos);
}

TEST(XmppProfiles, TheOwnNameIsPublishedAndOnTheCard) {
  FakeWire wire;
  Profiles profiles{wire};
  wire.expect_ok();
  wire.expect(Element{"vCard", ns::vcard}.add(Element{"NICKNAME", ns::vcard, "Dong"}));
  wire.expect_ok();
  profiles.set_own_name("Ding");
  EXPECT_NE(wire.asked.at(0).find("<nick xmlns=\"http://jabber.org/protocol/nick\">Ding</nick>"),
            std::string::npos);
  EXPECT_NE(wire.asked.at(2).find("<NICKNAME>Ding</NICKNAME>"), std::string::npos);
  EXPECT_EQ(wire.asked[2].find("Dong"), std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
