// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/notes.hpp"

#include <gtest/gtest.h>

#include "xmpp/support/fake_wire.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppNotes, ThereAndBack) {
  const Note note{.phones = {"1", "2"}, .corporation = "ACME", .description = "a\nb"};
  EXPECT_EQ(Notes::to_text(note), "phone: 1\nphone: 2\ncorporation: ACME\na\nb");
  EXPECT_EQ(Notes::parse(Notes::to_text(note)), note);
  EXPECT_EQ(Notes::parse("written by another client").description, "written by another client");
}

class XmppNotesStore : public testing::Test {
 protected:
  static Element stored(const std::vector<std::pair<std::string, std::string>>& notes) {
    Element storage{"storage", ns::roster_notes};
    for (const auto& [jid, text] : notes) {
      storage.add(Element{"note", ns::roster_notes, text}.set("jid", jid));
    }
    return Element{"query", ns::private_storage}.add(std::move(storage));
  }
  FakeWire wire_;
  Notes notes_{wire_};
};

TEST_F(XmppNotesStore, ANoteIsFoundByItsContact) {
  wire_.expect(stored({{"Alice@localhost", "phone: 1"}, {"bob@localhost", "late"}, {"", "x"}}));
  EXPECT_EQ(notes_.find("alice@localhost").phones, std::vector<std::string>{"1"});
  wire_.expect(Element{"query", ns::private_storage});
  EXPECT_EQ(notes_.find("alice@localhost"), Note{});
}

TEST_F(XmppNotesStore, AChangeKeepsTheNotesOnOthersAndDropsEmptyOnes) {
  wire_.expect(stored({{"alice@localhost", "old"}, {"bob@localhost", "late"}}));
  wire_.expect_ok();
  notes_.change("carol@localhost", [](Note& note) { note.corporation = "AC\nME"; });
  EXPECT_NE(wire_.asked.back().find("<note jid=\"alice@localhost\">old</note>"
                                    "<note jid=\"bob@localhost\">late</note>"
                                    "<note jid=\"carol@localhost\">corporation: AC ME</note>"),
            std::string::npos)
      << wire_.asked.back();
  wire_.expect(stored({{"alice@localhost", "old"}, {"bob@localhost", "late"}}));
  wire_.expect_ok();
  notes_.change("alice@localhost", [](Note& note) { note = {}; });
  EXPECT_EQ(wire_.asked.back().find("alice"), std::string::npos);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
