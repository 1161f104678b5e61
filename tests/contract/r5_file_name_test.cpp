// SPDX-License-Identifier: Apache-2.0
#include "contract/subject.hpp"

namespace wechaty::puppet::test {
namespace {

class R5FileName : public ContractTest {};
INSTANTIATE_CONTRACT(R5FileName);

struct Case {
  std::string given;
  std::string content;
  std::string name;
  MessageType type;
};

const std::vector<Case>& cases() {
  static const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
  static const std::string jpeg{"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 20};
  static const std::vector<Case> all{
      {"picture", png, "picture.png", MessageType::image},
      {"a.mp3", png, "a.png", MessageType::image},
      {"a.jpeg", jpeg, "a.jpeg", MessageType::image},
      {"../../etc/passwd", "plain text", "passwd.txt", MessageType::attachment},
      {"table.csv", "a,b\n1,2\n", "table.csv", MessageType::attachment},
      {"voice", "#!SILK_V3 voice", "voice.sil", MessageType::audio},
      {"no idea", std::string{"\x01\x02\x03\xff\xfe\x80", 6}, "no idea.dat",
       MessageType::attachment},
      {"buffer.dat", png, "buffer.png", MessageType::image},
  };
  return all;
}

TEST_P(R5FileName, WhatIsSentIsNamedByItsType) {
  log_in();
  for (const Case& c : cases()) {
    const auto id = puppet_->message_send_file(subject_->contact_id(),
                                               FileBox::from_buffer(c.content, c.given));
    EXPECT_EQ(puppet_->message_file(id).name(), c.name);
    EXPECT_EQ(puppet_->message_payload(id).filename, c.name);
    EXPECT_EQ(puppet_->message_payload(id).type, c.type) << c.given;
    EXPECT_EQ(puppet_->message_file(id).to_text(), c.content) << c.given;
  }
}

TEST_P(R5FileName, AStreamIsNamedAndStillWhole) {
  class Text final : public ByteSource {
   public:
    std::size_t read(std::span<std::byte> buffer) override {
      const std::size_t count = std::min({buffer.size(), rest_, std::size_t{1'000}});
      for (std::size_t i = 0; i < count; ++i) buffer[i] = static_cast<std::byte>('a' + i % 7);
      rest_ -= count;
      return count;
    }

   private:
    std::size_t rest_ = 100'000;
  };
  log_in();
  const auto id = puppet_->message_send_file(subject_->contact_id(),
                                             FileBox::from_stream(std::make_unique<Text>(), "log"));
  EXPECT_EQ(puppet_->message_file(id).name(), "log.txt");
  EXPECT_EQ(puppet_->message_file(id).to_buffer().size(), 100'000U);
}

TEST_P(R5FileName, WhatIsReceivedIsNamedByItsType) {
  log_in();
  for (const Case& c : cases()) {
    const auto id = subject_->peer_sends(FileBox::from_buffer(c.content, c.given));
    EXPECT_EQ(puppet_->message_file(id).name(), c.name);
    EXPECT_EQ(puppet_->message_image(id, ImageType::artwork).name(), c.name);
    EXPECT_EQ(puppet_->message_payload(id).type, c.type) << c.given;
  }
  subject_->peer_shows(FileBox::from_buffer(cases()[0].content, "face.mp3"));
  const std::string face = puppet_->contact_avatar(subject_->contact_id()).name();
  EXPECT_TRUE(subject_->names_avatars() ? face == "face.png" : face.ends_with(".png")) << face;
}

TEST_P(R5FileName, AvatarsAreNamedByTheirType) {
  log_in();
  EXPECT_EQ(puppet_->contact_avatar(subject_->contact_id()).media_type(), "image/png");
  if (puppet_->supports(Capability::room_avatar)) {
    EXPECT_EQ(puppet_->room_avatar(subject_->room_id()).media_type(), "image/png");
  }
  puppet_->set_contact_avatar(subject_->self_id(),
                              FileBox::from_buffer(cases()[0].content, "me.mp3"));
  const std::string me = puppet_->contact_avatar(subject_->self_id()).name();
  EXPECT_TRUE(subject_->names_avatars() ? me == "me.png" : me.ends_with(".png")) << me;
}

}  // namespace
}  // namespace wechaty::puppet::test
