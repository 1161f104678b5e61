// SPDX-License-Identifier: Apache-2.0
// The network of the tutorial. Nothing here is about puppets: it is what a service comes with.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include <wechaty/puppet/file_box/file_box.hpp>

/// A notice board within one process, where people pin notes for each other and for rooms. A device
/// signs in when the owner's phone confirms the code that it shows, and later by a token.
///
/// Thread: any.
class Board {
 public:
  struct Note {
    std::string id;
    std::string from;
    std::string to;  ///< a person or a room
    std::string text;
    std::optional<wechaty::puppet::FileBox> file = std::nullopt;
    bool in_room = false;  ///< set by the board
  };
  /// Somebody's device. What it is told comes from any thread, one thing at a time; it must not
  /// call the board from there.
  class Device {
   public:
    virtual ~Device() = default;
    virtual void on_code(const std::string& code) = 0;
    virtual void on_signed_in(const std::string& person, const std::string& token) = 0;
    virtual void on_note(const Note& note) = 0;
    virtual void on_renamed(const std::string& person) = 0;
    virtual void on_thrown_out(const std::string& why) = 0;
  };
  struct Person {
    std::string name;
    std::optional<wechaty::puppet::FileBox> picture = std::nullopt;
  };
  struct Room {
    std::string topic;
    std::set<std::string> members;
  };

  Board(std::map<std::string, Person> people, std::map<std::string, Room> rooms)
      : people_{std::move(people)}, rooms_{std::move(rooms)} {}

  // --- devices ---
  /// Show a code, until sign_off() or a phone confirms it.
  void ask_for_code(Device& device) {
    const std::lock_guard lock{mutex_};
    waiting_ = &device;
    device.on_code("board://code/" + std::to_string(++last_));
    if (!phone_.empty()) let_in(phone_);
  }
  /// @result false when the token is not (or no longer) good
  bool sign_in(const std::string& token, Device& device) {
    const std::lock_guard lock{mutex_};
    const auto found = tokens_.find(token);
    if (found == tokens_.end()) return false;
    devices_[&device] = {found->second, token};
    device.on_signed_in(found->second, token);
    return true;
  }
  /// The device is off; its token stays good. It is told nothing more when this returns.
  void sign_off(Device& device) {
    const std::lock_guard lock{mutex_};
    devices_.erase(&device);
    if (waiting_ == &device) waiting_ = nullptr;
  }
  /// As sign_off(), and the token is good for nothing.
  void sign_out(Device& device) {
    const std::lock_guard lock{mutex_};
    if (const auto found = devices_.find(&device); found != devices_.end()) {
      tokens_.erase(found->second.token);
      devices_.erase(found);
    }
  }
  /// This person's phone confirms codes as soon as they are shown; nobody's when empty.
  void set_phone(const std::string& person) {
    const std::lock_guard lock{mutex_};
    phone_ = person;
    if (!person.empty() && waiting_ != nullptr) let_in(person);
  }
  /// The phone throws all devices of its owner out.
  void throw_out(const std::string& person, const std::string& why) {
    const std::lock_guard lock{mutex_};
    std::erase_if(tokens_, [&](const auto& entry) { return entry.second == person; });
    const auto devices = devices_;
    for (const auto& [device, session] : devices) {
      if (session.person != person) continue;
      devices_.erase(device);
      device->on_thrown_out(why);
    }
  }
  [[nodiscard]] bool is_online(const std::string& person) const {
    const std::lock_guard lock{mutex_};
    return std::any_of(devices_.begin(), devices_.end(),
                       [&](const auto& entry) { return entry.second.person == person; });
  }

  // --- notes ---
  /// @param by  the device that pins it, which is not told of it; null for a phone
  /// @result the note's id
  /// @throws std::out_of_range when there is no such person or room
  std::string pin(Note note, const Device* by = nullptr) {
    const std::lock_guard lock{mutex_};
    std::set<std::string> readers{note.from, note.to};
    if (const auto room = rooms_.find(note.to); room != rooms_.end()) {
      readers = room->second.members;
      note.in_room = true;
    } else {
      static_cast<void>(people_.at(note.to));
    }
    note.id = "note-" + std::to_string(++last_);
    notes_.emplace(note.id, note);
    for (const auto& [device, session] : devices_) {
      if (device != by && readers.contains(session.person)) device->on_note(note);
    }
    return note.id;
  }
  [[nodiscard]] std::optional<Note> note(const std::string& id) const {
    const std::lock_guard lock{mutex_};
    return find(notes_, id);
  }

  // --- people and rooms ---
  [[nodiscard]] std::optional<Person> person(const std::string& id) const {
    const std::lock_guard lock{mutex_};
    return find(people_, id);
  }
  [[nodiscard]] std::vector<std::string> people() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> all;
    for (const auto& [id, person] : people_) all.push_back(id);
    return all;
  }
  [[nodiscard]] std::optional<Room> room(const std::string& id) const {
    const std::lock_guard lock{mutex_};
    return find(rooms_, id);
  }
  void rename(const std::string& id, const std::string& name) {
    const std::lock_guard lock{mutex_};
    people_.at(id).name = name;
    for (const auto& [device, session] : devices_) device->on_renamed(id);
  }
  void set_picture(const std::string& id, const wechaty::puppet::FileBox& picture) {
    const std::lock_guard lock{mutex_};
    people_.at(id).picture = picture;
  }

 private:
  struct Session {
    std::string person, token;
  };
  template <class T>
  static std::optional<T> find(const std::map<std::string, T>& all, const std::string& id) {
    const auto found = all.find(id);
    return found == all.end() ? std::nullopt : std::optional{found->second};
  }
  void let_in(const std::string& person) {
    Device* const device = std::exchange(waiting_, nullptr);
    const std::string token = "token-" + std::to_string(++last_);
    tokens_[token] = person;
    devices_[device] = {person, token};
    device->on_signed_in(person, token);
  }

  mutable std::mutex mutex_;  // guards everything below; held while devices are told
  std::map<std::string, Person> people_;
  std::map<std::string, Room> rooms_;
  std::map<std::string, Note> notes_;
  std::map<std::string, std::string> tokens_;  // to the person
  std::map<Device*, Session> devices_;
  Device* waiting_ = nullptr;  // shows a code
  std::string phone_;
  int last_ = 0;
};
