// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet_xmpp.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

TEST(XmppSupported, TheTableOfTheDocumentationHasWhatIsNotThereAndNothingElse) {
  const std::string page = puppet::test::read_text(WECHATY_PUPPET_SOURCE_DIR "/docs/xmpp.md");
  const auto begin = page.find("## What is not there");
  ASSERT_NE(begin, std::string::npos);
  const auto table_begin = page.find("\n|", begin);
  const std::string table = page.substr(table_begin, page.find("\n\n", table_begin) - table_begin);
  const PuppetXmpp puppet{{.jid = "bot@localhost"}};
  for (std::size_t i = 0; i < puppet::capability_count; ++i) {
    const auto capability = static_cast<puppet::Capability>(i);
    const std::string name{puppet::capability_name(capability)};
    EXPECT_EQ(table.find("`" + name + "`") == std::string::npos, puppet.supports(capability))
        << name;
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
