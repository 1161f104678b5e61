// SPDX-License-Identifier: Apache-2.0
// Contract R4.6: a card moves between the languages. Run against the npm package memory-card.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"
#ifdef WECHATY_PUPPET_INTEROP_STORAGE
#include "storage/servers.hpp"
#include "wechaty/puppet_storage.hpp"
#endif

namespace wechaty::puppet {
namespace {

using nlohmann::json;
using test::read_text;
using test::TempFolder;

/// Run card.mjs; returns the last line of what it prints.
std::string npm(const std::string& arguments) {
  const std::string command = "cd '" WECHATY_PUPPET_NPM_FOLDER "' && node card.mjs " + arguments;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe{::popen(command.c_str(), "r"), &::pclose};
  if (!pipe) throw std::runtime_error{"cannot run " + command};
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    output.append(buffer.data(), got);
  }
  while (output.ends_with('\n')) output.pop_back();
  return output.substr(output.rfind('\n') + 1);
}

/// A card that holds what `card.mjs write` writes, as far as UTF-8 can.
void fill(MemoryCard& card) {
  constexpr char text[] =
      "tab\t quote\" backslash\\ / \0\x1f\x7f\xe2\x80\xa8 é 漢 😀";  // with a NUL inside
  card.set("text", std::string{text, sizeof text - 1});
  card.set("10", "ten");
  card.set("9", "nine");
  card.set("01", "no whole number");
  card.set("numbers", json::parse("[0,-1,1.5,1e21,1e-7,0.000001,123456789012345680000,5e-324,"
                                  "-2.5e-9,9007199254740992]"));
  card.set("flag", false);
  card.multiplex("puppet").set("k", "v");
  card.multiplex("puppet").multiplex("sub").set("deep", json{{"token", "x"}});
}

TEST(NpmMemoryCard, WritesWhatOursReads) {
  const TempFolder folder;
  npm("write '" + (folder / "bot") + "'");
  MemoryCard card{folder / "bot"};
  ASSERT_TRUE(card.load().found);
  EXPECT_THAT(card.keys(), testing::ElementsAre("9", "10", "text", "01", "numbers", "nested", "",
                                                "cut", "\rpuppet\nk", "\rpuppet\rsub\ndeep"));
  EXPECT_EQ(card.get("numbers")->at(3), 1e21);
  EXPECT_EQ(card.get_text("nested"),
            R"({"7":[[],{},[{"k":true}]],"z":1,"a":{"3":[],"b":{},"a":null}})");
  EXPECT_EQ(card.get_string("cut"), "\xef\xbf\xbd");
  EXPECT_EQ(card.multiplex("puppet").get("k"), "v");
  EXPECT_EQ(card.multiplex("puppet").multiplex("sub").get("deep"), (json{{"token", "x"}}));
}

TEST(NpmMemoryCard, ItsDocumentIsTheSameByteForByteWhenOursHasSavedIt) {
  const TempFolder folder;
  const std::string path = folder / "bot.memory-card.json";
  npm("write '" + (folder / "bot") + "'");
  MemoryCard card{folder / "bot"};
  ASSERT_TRUE(card.load().found);
  card.erase("cut");  // half a character, which UTF-8 has no form for
  card.save();
  const auto ours = read_text(path);
  npm("resave '" + (folder / "bot") + "'");
  EXPECT_EQ(read_text(path), ours);
  EXPECT_NE(ours.find("1e+21"), std::string::npos);
}

TEST(NpmMemoryCard, ReadsWhatOursWrites) {
  const TempFolder folder;
  MemoryCard card{folder / "bot"};
  card.load();
  fill(card);
  card.save();
  const auto seen = json::parse(npm("read '" + (folder / "bot") + "'"));
  EXPECT_EQ(seen.at("size"), card.size());
  EXPECT_EQ(seen.at("k"), "v");
  EXPECT_EQ(seen.at("deep"), (json{{"token", "x"}}));
  EXPECT_EQ(seen.at("text"), *card.get("text"));
  json ours = json::array();
  card.for_each([&](std::string_view key, const json& value) { ours.push_back({key, value}); });
  EXPECT_EQ(seen.at("entries"), ours);
}

TEST(NpmMemoryCard, SavesOursTheSameByteForByte) {
  const TempFolder folder;
  const std::string path = folder / "bot.memory-card.json";
  MemoryCard card{folder / "bot"};
  card.load();
  fill(card);
  card.save();
  const auto ours = read_text(path);
  npm("resave '" + (folder / "bot") + "'");
  EXPECT_EQ(read_text(path), ours);
  EXPECT_FALSE(card.save());
  card.set("k", 1);
  EXPECT_TRUE(card.save());  // no conflict either: the document is the same
}

#ifdef WECHATY_PUPPET_INTEROP_STORAGE
/// A card goes to the package and back over the same store; `place` is what card.mjs needs to find
/// it, `url` what we need.
void share_cards(const std::string& place, const std::string& url) {
  const auto open = [&] { return MemoryCard::open(url, puppet_storage::storages()); };
  const auto npm_card = [&](const std::string& action) { return npm(action + " bot " + place); };
  npm_card("write");
  auto card = open();
  ASSERT_TRUE(card.load().found);
  EXPECT_THAT(card.keys(), testing::ElementsAre("9", "10", "text", "01", "numbers", "nested", "",
                                                "cut", "\rpuppet\nk", "\rpuppet\rsub\ndeep"));
  EXPECT_EQ(card.multiplex("puppet").get("k"), "v");
  card.multiplex("puppet").set("k", "ours");
  card.save();

  const auto seen = json::parse(npm_card("read"));
  EXPECT_EQ(seen.at("k"), "ours");
  EXPECT_EQ(seen.at("deep"), (json{{"token", "x"}}));
  json ours = json::array();
  card.for_each([&](std::string_view key, const json& value) { ours.push_back({key, value}); });
  EXPECT_EQ(seen.at("entries"), ours);

  // The package overwrites unseen; ours does not.
  npm_card("resave");
  npm_card("write");
  card.set("k", 1);
  EXPECT_THROW(card.save(), ConflictError);

  npm_card("destroy");
  auto gone = open();
  EXPECT_FALSE(gone.load().found);
  fill(gone);
  gone.save();
  EXPECT_EQ(json::parse(npm_card("read")).at("k"), "v");
  gone.destroy();
  EXPECT_EQ(json::parse(npm_card("read")).at("size"), 0);
}

TEST(NpmMemoryCard, SharesCardsInEtcd) {
  const puppet_storage::test::EtcdServer etcd;
  share_cards("http://" + etcd.address(), "etcd://" + etcd.address() + "/bot");
}

TEST(NpmMemoryCard, SharesCardsInS3) {
  const puppet_storage::test::S3Server s3;
  ::setenv("AWS_ACCESS_KEY_ID", "ID", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "SECRET", 1);
  share_cards("s3 " + s3.options.endpoint,
              "s3://cards/bot?region=eu-test-1&endpoint=" + s3.options.endpoint);
  ::unsetenv("AWS_ACCESS_KEY_ID");
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
}
#endif

}  // namespace
}  // namespace wechaty::puppet
