// SPDX-License-Identifier: Apache-2.0
// The puppet of docs/write-a-puppet.md, which quotes it piece by piece.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <wechaty/puppet.hpp>
#include <wechaty/puppet/file_box/naming.hpp>

#include "board.hpp"

// [class]
class PuppetBoard : public wechaty::puppet::Puppet, private Board::Device {
 public:
  explicit PuppetBoard(std::shared_ptr<Board> board, wechaty::puppet::PuppetOptions options = {})
      : Puppet{std::move(options)}, board_{std::move(board)} {}
  ~PuppetBoard() override { stop(); }
  // [/class]

  // [again]
  /// Show a code again, after a logout.
  void show_code() { board_->ask_for_code(*this); }
  // [/again]

 protected:
  // [start]
  void do_start() override {
    heartbeat_every(std::chrono::seconds{15});
    const auto token = memory().get_string("token");
    if (!token || !board_->sign_in(*token, *this)) board_->ask_for_code(*this);
  }
  void do_stop() override { board_->sign_off(*this); }
  void do_logout(std::string_view) override { board_->sign_out(*this); }
  // [/start]

  // [contacts]
  wechaty::puppet::ContactPayload do_contact_payload(std::string_view id) override {
    return {.id = std::string{id}, .name = person(id).name, .alias = alias(id)};
  }
  std::vector<std::string> do_contact_list() override { return board_->people(); }
  void do_set_contact_alias(std::string_view id, std::optional<std::string_view> alias) override {
    static_cast<void>(person(id));
    const std::lock_guard lock{mutex_};
    if (alias) {
      aliases_[std::string{id}] = *alias;
    } else {
      aliases_.erase(std::string{id});
    }
  }
  // [/contacts]
  // [pictures]
  wechaty::puppet::FileBox do_contact_avatar(std::string_view id) override {
    if (auto picture = person(id).picture) return *std::move(picture);
    throw wechaty::puppet::NotFoundError{"no picture of " + std::string{id}};
  }
  void do_set_contact_avatar(std::string_view id, const wechaty::puppet::FileBox& file) override {
    board_->set_picture(std::string{id}, file);
  }
  // [/pictures]

  // [rooms]
  wechaty::puppet::RoomPayload do_room_payload(std::string_view id) override {
    const Board::Room known = room(id);
    wechaty::puppet::RoomPayload payload{.id = std::string{id}, .topic = known.topic};
    payload.member_id_list.assign(known.members.begin(), known.members.end());
    return payload;
  }
  wechaty::puppet::RoomMemberPayload do_room_member_payload(std::string_view room_id,
                                                            std::string_view id) override {
    if (!room(room_id).members.contains(std::string{id})) {
      throw wechaty::puppet::NotFoundError{std::string{id} + " is not in " + std::string{room_id}};
    }
    return {.id = std::string{id}, .name = person(id).name};
  }
  // [/rooms]

  // [send]
  std::string do_message_send_text(std::string_view to, std::string_view text,
                                   const wechaty::puppet::MessageSendOptions&) override {
    return pin(to, std::string{text}, {});
  }
  std::string do_message_send_file(std::string_view to,
                                   const wechaty::puppet::FileBox& file) override {
    // A stream can be read once, and a note is read by many.
    return pin(to, {}, wechaty::puppet::FileBox::from_buffer(file.to_buffer(), file.name()));
  }
  // [/send]
  // [messages]
  wechaty::puppet::MessagePayload do_message_payload(std::string_view id) override {
    return payload_of(note(id));
  }
  wechaty::puppet::FileBox do_message_file(std::string_view id) override {
    if (auto file = note(id).file) return *std::move(file);
    throw wechaty::puppet::NotFoundError{"message " + std::string{id} + " has no file"};
  }
  wechaty::puppet::FileBox do_message_image(std::string_view id,
                                            wechaty::puppet::ImageType) override {
    return do_message_file(id);  // there is one size only
  }
  // [/messages]

 private:
  // [hear]
  void on_code(const std::string& code) override {
    report(wechaty::puppet::EventScanPayload{.status = wechaty::puppet::ScanStatus::waiting,
                                             .qrcode = code});
  }
  void on_signed_in(const std::string& person, const std::string& token) override {
    memory().set("token", token);  // first, so that it is saved before anybody hears of the login
    login(person);
    ready();
  }
  void on_note(const Board::Note& note) override { receive(payload_of(note)); }
  void on_renamed(const std::string& person) override {
    report(wechaty::puppet::EventDirtyPayload{.payload_type = wechaty::puppet::DirtyType::contact,
                                              .payload_id = person});
  }
  void on_thrown_out(const std::string& why) override { logged_out(why); }
  // [/hear]

  // [payload]
  static wechaty::puppet::MessagePayload payload_of(const Board::Note& note) {
    using wechaty::puppet::MessageType;
    wechaty::puppet::MessagePayload payload{.id = note.id, .talker_id = note.from};
    if (note.file) {
      // The extension of a sound name tells the type: rule R5.
      const auto file = wechaty::puppet::conventional(*note.file);
      const std::string type = file.media_type();
      payload.type = type.starts_with("image/")   ? MessageType::image
                     : type.starts_with("audio/") ? MessageType::audio
                     : type.starts_with("video/") ? MessageType::video
                                                  : MessageType::attachment;
      payload.filename = file.name();
    } else {
      payload.type = MessageType::text;
      payload.text = note.text;
    }
    (note.in_room ? payload.room_id : payload.listener_id) = note.to;
    return payload;
  }
  // [/payload]

  // [ids]
  Board::Person person(std::string_view id) const {
    if (auto found = board_->person(std::string{id})) return *std::move(found);
    throw wechaty::puppet::NotFoundError{"no contact " + std::string{id}};
  }
  // [/ids]
  Board::Room room(std::string_view id) const {
    if (auto found = board_->room(std::string{id})) return *std::move(found);
    throw wechaty::puppet::NotFoundError{"no room " + std::string{id}};
  }
  Board::Note note(std::string_view id) const {
    if (auto found = board_->note(std::string{id})) return *std::move(found);
    throw wechaty::puppet::NotFoundError{"no message " + std::string{id}};
  }
  // [pin]
  std::string pin(std::string_view to, std::string text,
                  std::optional<wechaty::puppet::FileBox> file) {
    if (!board_->room(std::string{to})) static_cast<void>(person(to));
    return board_->pin({.id = {},
                        .from = current_user_id(),
                        .to = std::string{to},
                        .text = std::move(text),
                        .file = std::move(file)},
                       this);
  }
  // [/pin]
  std::optional<std::string> alias(std::string_view id) {
    const std::lock_guard lock{mutex_};
    const auto found = aliases_.find(std::string{id});
    return found == aliases_.end() ? std::nullopt : std::optional{found->second};
  }

  const std::shared_ptr<Board> board_;
  std::mutex mutex_;  // guards aliases_
  std::map<std::string, std::string> aliases_;
};
