// SPDX-License-Identifier: Apache-2.0
// PuppetOptions::file_resolver: files that pass through a puppet can be opened.
#include <gtest/gtest.h>

#include "support/event_log.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"
#include "wechaty/puppet_mock.hpp"

namespace wechaty::puppet_mock {
namespace {

using namespace wechaty::puppet;  // NOLINT: its payloads
using puppet::test::EventLog;

class FileResolver : public testing::Test {
 protected:
  void SetUp() override {
    puppet.start();
    ASSERT_TRUE(log.wait_for("ready"));
  }
  [[nodiscard]] FileBox stored(std::string_view content) const {
    const auto box = FileBox::from_buffer(content, "a.txt").with_resolver(store);
    return FileBox::from_uuid(box.to_uuid(), {.name = "a.txt"});
  }

  std::shared_ptr<UuidStore> store = std::make_shared<UuidStore>();
  std::shared_ptr<World> world =
      World::parse(R"({"self":"bot","contacts":[{"id":"alice","name":"Alice"}]})");
  PuppetMock puppet{world, [&] {
                      PuppetOptions options;
                      options.file_resolver = store;
                      return options;
                    }()};
  EventLog log{puppet};
};

TEST_F(FileResolver, WhatIsReceivedCanBeOpened) {
  const auto id = world->person("alice").say(stored("hello")).to("bot");
  ASSERT_TRUE(log.wait_for("message " + id));
  EXPECT_EQ(puppet.message_file(id).to_text(), "hello");
  EXPECT_EQ(puppet.message_image(id, ImageType::artwork).to_text(), "hello");
  world->set_avatar("alice", stored("a face"));
  EXPECT_EQ(puppet.contact_avatar("alice").to_text(), "a face");
}

TEST_F(FileResolver, WhatIsSentCanBeOpenedByThePuppet) {
  const auto id = puppet.message_send_file("alice", stored("hello"));
  EXPECT_EQ(puppet.message_file(id).to_text(), "hello");
  puppet.set_contact_avatar("bot", stored("my face"));
  EXPECT_EQ(world->avatar("bot").to_text(), "my face");
}

TEST_F(FileResolver, ABoxKeepsTheOneThatItHas) {
  const auto own = std::make_shared<UuidStore>();
  const auto box = FileBox::from_buffer("own").with_resolver(own);
  const auto elsewhere = FileBox::from_uuid(box.to_uuid()).with_resolver(own);
  const auto id = puppet.message_send_file("alice", elsewhere);
  EXPECT_EQ(puppet.message_file(id).to_text(), "own");
}

}  // namespace
}  // namespace wechaty::puppet_mock
