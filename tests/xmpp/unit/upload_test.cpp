// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/upload.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

/// XEP-0363, up to where HTTP begins.
class XmppUploads : public testing::Test {
 protected:
  static Element nothing() { return Element{"query", ns::disco_info}; }
  static Element storage(const std::string& most) {
    return nothing()
        .add(Element{"feature", ns::disco_info}.set("var", ns::upload))
        .add(Element{"x", ns::forms}.add(Element{"field", ns::forms}
                                             .set("var", "max-file-size")
                                             .add(Element{"value", ns::forms, most})));
  }
  void expect_service(const std::string& most) {
    wire_.expect(Element{"query", ns::disco_items}.add(
        Element{"item", ns::disco_items}.set("jid", "upload.localhost")));
    wire_.expect(nothing());  // the domain itself
    wire_.expect(storage(most));
  }
  static Element slot(const std::string& url) {
    return Element{"slot", ns::upload}
        .add(Element{"put", ns::upload}.set("url", url))
        .add(Element{"get", ns::upload}.set("url", url));
  }

  FakeWire wire_;
  Disco disco_{wire_};
  Uploads uploads_{wire_, disco_, {.ca_file = {}, .max_bytes = 1'000}};
  const puppet::FileBox file_ = puppet::FileBox::from_buffer("hello", "a b.txt");
};

TEST_F(XmppUploads, AServerWithoutStorageCannotTakeFiles) {
  wire_.expect(Element{"query", ns::disco_items});
  wire_.expect(nothing());
  EXPECT_THROW(static_cast<void>(uploads_.store(file_, {})), puppet::UnsupportedError);
}

TEST_F(XmppUploads, AFileThatIsTooLargeIsNotOffered) {
  expect_service("4");
  EXPECT_THROW(static_cast<void>(uploads_.store(file_, {})), puppet::TooLargeError);
  EXPECT_EQ(wire_.asked.size(), 3U);
}

TEST_F(XmppUploads, ASlotIsAskedForWithNameSizeAndType) {
  expect_service("1000");
  wire_.expect_error("resource-constraint");
  EXPECT_THROW(static_cast<void>(uploads_.store(file_, {})), puppet::Error);
  const std::string& asked = wire_.asked.back();
  for (const char* const part : {"to=\"upload.localhost\"", "filename=\"a b.txt\"", "size=\"5\"",
                                 "content-type=\"text/plain\""}) {
    EXPECT_NE(asked.find(part), std::string::npos) << asked;
  }
}

TEST_F(XmppUploads, AFileOfAnyOtherHostIsNotFetchedWithoutTls) {
  expect_service("1000");
  wire_.expect(slot("http://files.localhost/slot/where"));
  EXPECT_THROW(static_cast<void>(uploads_.fetch("http://192.0.2.1/secret", {})),
               puppet::InvalidArgumentError);
  EXPECT_THROW(static_cast<void>(uploads_.fetch("file:///etc/passwd", {})),
               puppet::InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
