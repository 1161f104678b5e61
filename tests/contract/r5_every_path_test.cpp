// SPDX-License-Identifier: Apache-2.0
// Every way that a file can take into or out of a puppet. tests/contract/check_file_paths.py holds
// the table against the public headers, so that a new function with a file in it cannot be left
// out.
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet::test {
namespace {

/// A picture whose name is wrong, and a path.
FileBox badly_named() {
  return FileBox::from_buffer(std::string_view{"\x89PNG\r\n\x1a\n and what follows"}, "../../a.mp3")
      .with_name("a.mp3");
}

PostPayload post_of(FileBox file) {
  PostPayload inner{.sayable_list =
                        std::vector<SayablePayload>{{SayableFile{MessageType::image, file}}}};
  return {.sayable_list = std::vector<SayablePayload>{
              {SayableText{"look", {}}}, {SayableFile{MessageType::image, file}}, {inner}}};
}

std::vector<FileBox> files_in(const PostPayload& post);

std::vector<FileBox> files_in(const SayablePayload& sayable) {
  if (const auto* const file = std::get_if<SayableFile>(&sayable.value)) return {file->file};
  if (const auto* const post = std::get_if<PostPayload>(&sayable.value)) return files_in(*post);
  return {};
}

std::vector<FileBox> files_in(const PostPayload& post) {
  std::vector<FileBox> files;
  const auto* const list = std::get_if<std::vector<SayablePayload>>(&post.sayable_list);
  if (list == nullptr) return files;
  for (const SayablePayload& sayable : *list) {
    for (FileBox& file : files_in(sayable)) files.push_back(std::move(file));
  }
  return files;
}

/// A puppet that names nothing as it should, and keeps what its hooks are given.
class CarelessPuppet final : public Puppet {
 public:
  using Puppet::Puppet;
  ~CarelessPuppet() override { stop(); }

  std::vector<FileBox> taken() { return std::exchange(taken_, {}); }
  using Puppet::receive;

 protected:
  void do_start() override { login("me"); }
  void do_stop() override {}
  void do_logout(std::string_view) override {}
  ContactPayload do_contact_payload(std::string_view id) override {
    return {.id = std::string{id}, .name = "x"};
  }
  RoomPayload do_room_payload(std::string_view id) override {
    throw NotFoundError{std::string{id}};
  }
  MessagePayload do_message_payload(std::string_view id) override {
    return {.id = std::string{id},
            .talker_id = "friend",
            .type = id == "post" ? MessageType::post : MessageType::image,
            .listener_id = "me"};
  }
  FileBox do_message_file(std::string_view) override { return badly_named(); }
  FileBox do_message_image(std::string_view, ImageType) override { return badly_named(); }
  FileBox do_contact_avatar(std::string_view) override { return badly_named(); }
  FileBox do_room_avatar(std::string_view) override { return badly_named(); }
  PostPayload do_post_payload(std::string_view) override { return post_of(badly_named()); }

  void do_set_contact_avatar(std::string_view, const FileBox& avatar) override {
    taken_.push_back(avatar);
  }
  std::string do_message_send_file(std::string_view, const FileBox& file) override {
    taken_.push_back(file);
    return next_id();
  }
  std::string do_message_send_post(std::string_view, const PostPayload& post) override {
    taken_ = files_in(post);
    return next_id();
  }
  std::optional<std::string> do_post_publish(const PostPayload& post) override {
    taken_ = files_in(post);
    return next_id();
  }

 private:
  std::string next_id() { return "sent-" + std::to_string(++sent_); }

  std::vector<FileBox> taken_;
  int sent_ = 0;
};

struct Path {
  const char* function;  // of class Puppet, public or for its authors
  std::size_t files;     // that have to come out
  std::function<std::vector<FileBox>(CarelessPuppet&)> walk;
};

std::vector<FileBox> sent(CarelessPuppet& puppet, const std::string& id, bool is_post) {
  // What the hook was given, and what the getters tell of the own message.
  std::vector<FileBox> files = puppet.taken();
  if (!is_post) files.push_back(puppet.message_file(id));
  for (FileBox& file : files_in(puppet.sayable_payload(id).value())) files.push_back(file);
  return files;
}

const std::vector<Path>& paths() {
  static const std::vector<Path> all{
      // [file paths]
      {"message_send_file", 3,
       [](CarelessPuppet& p) {
         return sent(p, p.message_send_file("friend", badly_named()), false);
       }},
      {"message_send_post", 4,
       [](CarelessPuppet& p) {
         return sent(p, p.message_send_post("friend", post_of(badly_named())), true);
       }},
      {"message_send", 3,
       [](CarelessPuppet& p) {
         return sent(p, p.message_send("friend", {SayableFile{MessageType::image, badly_named()}}),
                     false);
       }},
      {"message_send", 4,
       [](CarelessPuppet& p) {
         return sent(p, p.message_send("friend", {post_of(badly_named())}), true);
       }},
      {"message_file", 1, [](CarelessPuppet& p) { return std::vector{p.message_file("image")}; }},
      {"message_image", 1,
       [](CarelessPuppet& p) {
         return std::vector{p.message_image("image", ImageType::thumbnail)};
       }},
      {"sayable_payload", 1,
       [](CarelessPuppet& p) { return files_in(p.sayable_payload("image").value()); }},
      {"sayable_payload", 2,
       [](CarelessPuppet& p) { return files_in(p.sayable_payload("post").value()); }},
      {"contact_avatar", 1,
       [](CarelessPuppet& p) { return std::vector{p.contact_avatar("friend")}; }},
      {"set_contact_avatar", 1,
       [](CarelessPuppet& p) {
         p.set_contact_avatar("me", badly_named());
         return p.taken();
       }},
      {"room_avatar", 1, [](CarelessPuppet& p) { return std::vector{p.room_avatar("room")}; }},
      {"post_payload", 2, [](CarelessPuppet& p) { return files_in(p.post_payload("post")); }},
      {"post_payload_cache", 2,
       [](CarelessPuppet& p) {
         static_cast<void>(p.post_payload("post"));
         return files_in(p.post_payload_cache("post").value());
       }},
      {"post_publish", 2,
       [](CarelessPuppet& p) {
         p.post_publish(post_of(badly_named()));
         return p.taken();
       }},
      {"receive", 2,
       [](CarelessPuppet& p) {
         PostPayload post = post_of(badly_named());
         post.id = "received";
         p.receive(std::move(post));
         return files_in(p.post_payload("received"));
       }},
      // [/file paths]
  };
  return all;
}

TEST(R5EveryPath, NoFilePassesWithAWrongName) {
  CarelessPuppet puppet;
  puppet.start();
  for (const Path& path : paths()) {
    const std::vector<FileBox> files = path.walk(puppet);
    EXPECT_EQ(files.size(), path.files) << path.function;
    for (const FileBox& file : files) {
      EXPECT_EQ(file.name(), "a.png") << path.function;
      EXPECT_EQ(file.media_type(), "image/png") << path.function;
      EXPECT_EQ(safe_base_name(file.name()), file.name()) << path.function;
    }
  }
}

TEST(R5EveryPath, EveryFileWhoseContentIsElsewhereCanBeRead) {
  PuppetOptions options;
  options.file_resolver = std::make_shared<FileBoxResolver>();
  CarelessPuppet puppet{options};
  puppet.start();
  for (const Path& path : paths()) {
    for (const FileBox& file : path.walk(puppet)) {
      EXPECT_EQ(file.resolver(), options.file_resolver) << path.function;
    }
  }
}

}  // namespace
}  // namespace wechaty::puppet::test
