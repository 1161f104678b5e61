// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_mock/world.hpp"

#include <algorithm>
#include <utility>

#include "puppet_mock/world_lookup.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

std::string Saying::to(std::string_view conversation_id) const {
  return world_.say(from_, conversation_id, what_);
}

Saying Person::say(std::string_view text, std::vector<std::string> mentions) const {
  return say(SayablePayload{SayableText{std::string{text}, std::move(mentions)}});
}
Saying Person::say(const FileBox& file) const {
  return say(SayablePayload{SayableFile{.type = MessageType::unknown, .file = file}});
}
Saying Person::say(SayablePayload what) const { return Saying{*world_, id_, std::move(what)}; }

World::World(std::string self) : self_{std::move(self)} {
  add_contact({.id = self_, .type = ContactType::individual, .name = self_});
}

void World::set_script(Script script) {
  const std::lock_guard lock{mutex_};
  script_ = std::move(script);
}

Script World::script() const {
  const std::lock_guard lock{mutex_};
  return script_;
}

void World::set_clock(std::function<Timestamp()> clock) {
  const std::lock_guard lock{mutex_};
  clock_ = std::move(clock);
}

Timestamp World::now() const {
  if (clock_) return clock_();
  return std::chrono::time_point_cast<Timestamp::duration>(std::chrono::system_clock::now());
}

std::string World::next_id(std::string_view kind) {
  return std::string{kind} + "-" + std::to_string(++last_number_);
}

// --- who is there ----------------------------------------------------------------------------

Person World::add_contact(ContactPayload contact) {
  const std::lock_guard lock{mutex_};
  std::string id = contact.id;
  contacts_.insert_or_assign(id, std::move(contact));
  return Person{*this, std::move(id)};
}

Room World::add_room(RoomPayload room) {
  const std::lock_guard lock{mutex_};
  for (const std::string& member : room.member_id_list) find_in(contacts_, member, "contact");
  std::string id = room.id;
  rooms_.insert_or_assign(id, std::move(room));
  return Room{std::move(id)};
}

Person World::person(std::string_view id) {
  const std::lock_guard lock{mutex_};
  return Person{*this, find_in(contacts_, id, "contact").id};
}

Room World::room(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return Room{find_in(rooms_, id, "room").id};
}

bool World::is_room(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return rooms_.contains(id);
}

ContactPayload World::contact_payload(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return find_in(contacts_, id, "contact");
}

RoomPayload World::room_payload(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  return find_in(rooms_, id, "room");
}

RoomMemberPayload World::room_member_payload(std::string_view room_id,
                                             std::string_view member_id) const {
  const std::lock_guard lock{mutex_};
  const RoomPayload& room = find_in(rooms_, room_id, "room");
  if (!contains(room.member_id_list, member_id)) {
    throw NotFoundError{"contact(" + std::string{member_id} + ") is not in the Room(" +
                        std::string{room_id} + ")"};
  }
  const ContactPayload& contact = find_in(contacts_, member_id, "contact");
  RoomMemberPayload member{.id = contact.id, .name = contact.name, .avatar = contact.avatar};
  if (const auto inviters = inviters_.find(room_id); inviters != inviters_.end()) {
    const auto found = inviters->second.find(contact.id);
    if (found != inviters->second.end()) member.inviter_id = found->second;
  }
  return member;
}

std::vector<std::string> World::contact_ids(std::string_view account) const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> ids;
  for (const auto& [id, contact] : contacts_) {
    if (id != account) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> World::room_ids(std::string_view account) const {
  const std::lock_guard lock{mutex_};
  std::vector<std::string> ids;
  for (const auto& [id, room] : rooms_) {
    if (contains(room.member_id_list, account)) ids.push_back(id);
  }
  return ids;
}

void World::change_contact(std::string_view id,
                           const std::function<void(ContactPayload&)>& change) {
  const std::lock_guard lock{mutex_};
  change(find_in(contacts_, id, "contact"));
}

FileBox World::avatar(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  if (!contacts_.contains(id) && !rooms_.contains(id)) {
    throw NotFoundError{"the mock network knows no contact or room \"" + std::string{id} + "\""};
  }
  if (const auto found = avatars_.find(id); found != avatars_.end()) return found->second;
  // A grey dot, so that everybody has a face.
  return FileBox::from_base64(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg="
      "=",
      std::string{id} + ".png");
}

void World::set_avatar(std::string_view id, FileBox avatar) {
  const std::lock_guard lock{mutex_};
  if (!contacts_.contains(id) && !rooms_.contains(id)) {
    throw NotFoundError{"the mock network knows no contact or room \"" + std::string{id} + "\""};
  }
  avatars_.insert_or_assign(std::string{id}, std::move(avatar));
}

// --- messages --------------------------------------------------------------------------------

std::string World::say(std::string_view from, std::string_view conversation_id, SayablePayload what,
                       std::optional<std::string> id, std::string_view silent_for) {
  std::string message_id;
  {
    const std::lock_guard lock{mutex_};
    find_in(contacts_, from, "contact");
    MessagePayload payload = describe(what);
    payload.id = id ? *std::move(id) : next_id("message");
    payload.talker_id = from;
    payload.timestamp = now();
    std::vector<std::string> audience;
    if (const auto room = rooms_.find(conversation_id); room != rooms_.end()) {
      if (!contains(room->second.member_id_list, from)) {
        throw InvalidArgumentError{"contact \"" + std::string{from} + "\" is not in room \"" +
                                   std::string{conversation_id} + "\" and cannot speak there"};
      }
      payload.room_id = conversation_id;
      audience = room->second.member_id_list;
    } else {
      find_in(contacts_, conversation_id, "contact or room");
      payload.listener_id = conversation_id;
      payload.mention_id_list.clear();
      audience = {std::string{from}};
      if (from != conversation_id) audience.emplace_back(conversation_id);
    }
    for (const std::string& account : audience) {
      if (account == from) continue;
      unread_.emplace(account, payload.room_id ? *payload.room_id : std::string{from});
    }
    std::erase(audience, silent_for);
    message_id = payload.id;
    messages_.insert_or_assign(message_id, WorldMessage{.payload = payload, .content = what});
    post_news(std::move(audience), std::move(payload));
  }
  tell();
  return message_id;
}

void World::echo(std::string_view message_id, std::string_view account, bool bare) {
  {
    const std::lock_guard lock{mutex_};
    WorldMessage& message = find_in(messages_, message_id, "message");
    if (bare) {
      message.forgotten = true;
      post_news({std::string{account}}, EventMessagePayload{.message_id = message.payload.id});
    } else {
      post_news({std::string{account}}, message.payload);
    }
  }
  tell();
}

WorldMessage World::message(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const WorldMessage& message = find_in(messages_, id, "message");
  if (message.forgotten) {
    throw NotFoundError{"the mock network has forgotten message \"" + std::string{id} + "\""};
  }
  return message;
}

void World::forget_message(std::string_view id) {
  const std::lock_guard lock{mutex_};
  find_in(messages_, id, "message").forgotten = true;
}

bool World::recall(std::string_view by, std::string_view message_id) {
  {
    const std::lock_guard lock{mutex_};
    WorldMessage& message = find_in(messages_, message_id, "message");
    MessagePayload& payload = message.payload;
    if (payload.talker_id != by || payload.type == MessageType::recalled) return false;
    payload.type = MessageType::recalled;
    payload.text.reset();
    payload.filename.reset();
    std::vector<std::string> audience{payload.listener_id.value_or("")};
    if (payload.room_id) audience = find_in(rooms_, *payload.room_id, "room").member_id_list;
    std::erase(audience, by);
    post_news(audience,
              EventDirtyPayload{.payload_type = DirtyType::message, .payload_id = payload.id});
    // The others hear of it by a message whose text is the id of the one taken back.
    MessagePayload notice{.id = next_id("message"),
                          .talker_id = std::string{by},
                          .type = MessageType::recalled,
                          .timestamp = now(),
                          .text = payload.id,
                          .room_id = payload.room_id,
                          .listener_id = payload.listener_id};
    messages_.insert_or_assign(
        notice.id,
        WorldMessage{.payload = notice, .content = SayablePayload{SayableText{payload.id, {}}}});
    post_news(std::move(audience), std::move(notice));
  }
  tell();
  return true;
}

// --- accounts --------------------------------------------------------------------------------

/// The lock is held; tell() delivers when it is not.
void World::post_news(std::vector<std::string> audience, News news) {
  outbox_.push_back({.audience = std::move(audience), .news = std::move(news)});
}

void World::tell() {
  const std::lock_guard telling{telling_};
  while (true) {
    Parcel parcel;
    {
      const std::lock_guard lock{mutex_};
      if (outbox_.empty()) return;
      parcel = std::move(outbox_.front());
      outbox_.pop_front();
    }
    for (const auto& [number, connection] : connections_) {
      if (contains(parcel.audience, connection.account)) connection.hear(parcel.news);
    }
  }
}

std::uint64_t World::connect(std::string_view account, Hear hear) {
  {
    const std::lock_guard lock{mutex_};
    find_in(contacts_, account, "account");
  }
  const std::lock_guard telling{telling_};
  connections_.emplace(++last_connection_, Connection{std::string{account}, std::move(hear)});
  return last_connection_;
}

void World::disconnect(std::uint64_t connection) {
  const std::lock_guard telling{telling_};
  connections_.erase(connection);
}

bool World::is_online(std::string_view account) const {
  const std::lock_guard telling{telling_};
  return std::any_of(connections_.begin(), connections_.end(),
                     [&](const auto& entry) { return entry.second.account == account; });
}

// --- faults ----------------------------------------------------------------------------------

void World::add_fault(Fault fault) {
  const std::lock_guard lock{mutex_};
  faults_.push_back(std::move(fault));
}

std::optional<Fault> World::take_fault(std::string_view hook) {
  const std::lock_guard lock{mutex_};
  const auto found = std::find_if(faults_.begin(), faults_.end(),
                                  [&](const Fault& fault) { return fault.hook == hook; });
  if (found == faults_.end()) return std::nullopt;
  Fault fault = *found;
  if (--found->times <= 0) faults_.erase(found);
  return fault;
}

bool World::has_faults() const {
  const std::lock_guard lock{mutex_};
  return !faults_.empty();
}

void World::owe_echo() {
  const std::lock_guard lock{mutex_};
  ++echoes_owed_;
}

void World::pay_echo() {
  {
    const std::lock_guard lock{mutex_};
    --echoes_owed_;
  }
  echo_paid_.notify_all();
}

void World::wait_for_echoes() {
  std::unique_lock lock{mutex_};
  echo_paid_.wait(lock, [this] { return echoes_owed_ == 0; });
}

}  // namespace wechaty::puppet_mock
