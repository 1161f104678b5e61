// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/inbox.hpp"

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

using puppet::DirtyType;
using puppet::MessagePayload;
using puppet::MessageType;

namespace {

/// Whether an id that somebody has written can be kept: the card has them in one text.
bool is_usable(std::string_view id) {
  constexpr std::size_t longest = 256;
  return !id.empty() && id.size() <= longest && std::none_of(id.begin(), id.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ';
  });
}

/// The id that the archive of `archive` gave the message. Anybody can write others into it, and not
/// every server takes those out that claim to be its own; its own is the last.
std::string archive_id_of(const Element& message, std::string_view archive) {
  std::string id;
  for (const Element& child : message.children) {
    if (child.is("stanza-id", ns::stanza_id) && child.attr("by") == archive) id = child.attr("id");
  }
  return is_usable(id) ? id : std::string{};
}

/// What an archive says of the speaker's real JID. Rooms that show JIDs let through what a member
/// has put there himself, too; their own is the last.
std::string archived_speaker(const Element& message) {
  std::string jid;
  for (const Element& child : message.children) {
    if (!child.is("x", ns::muc_user)) continue;
    const Element* const item = child.child("item");
    jid = item ? bare_jid(item->attr("jid")) : std::string{};
  }
  return jid;
}

/// When it was said; the oldest delay that somebody to be believed has put there.
std::optional<puppet::Timestamp> stamp_of(const Element& message, std::string_view self,
                                          std::string_view room) {
  const auto own = Jid::parse(self);
  std::optional<puppet::Timestamp> oldest;
  for (const Element& child : message.children) {
    if (!child.is("delay", ns::delay)) continue;
    const std::string_view from = child.attr("from");
    if (from != self && (!own || from != own->domain) && (room.empty() || from != room)) continue;
    const auto stamp = parse_timestamp(child.attr("stamp"));
    if (stamp && (!oldest || *stamp < *oldest)) oldest = stamp;
  }
  return oldest;
}

/// What an archive keeps of a message that was taken back (XEP-0424).
bool is_tombstone(const Element& message) {
  return message.child("retracted", ns::retract) != nullptr ||
         message.child("retracted", ns::retract_old) != nullptr;
}

/// The message inside of a carbon copy; null for anything else.
const Element* carbon_of(const Element& message) {
  for (const Element& child : message.children) {
    if (child.xmlns != ns::carbons || (child.name != "sent" && child.name != "received")) continue;
    const Element* const forwarded = child.child("forwarded", ns::forward);
    return forwarded ? forwarded->child("message", ns::client) : nullptr;
  }
  return nullptr;
}

bool has_carbon(const Element& message) {
  return std::any_of(message.children.begin(), message.children.end(), [](const Element& child) {
    return child.xmlns == ns::carbons && (child.name == "sent" || child.name == "received");
  });
}

}  // namespace

void Inbox::close_all() {
  open_.clear();
  waiting_.clear();  // the archive has them
  waiting_bytes_ = 0;
  overflowed_.clear();
}

bool Inbox::take_overflow(const std::string& archive) { return overflowed_.erase(archive) > 0; }

void Inbox::open(const std::string& archive) {
  open_.insert(archive);
  overflowed_.erase(archive);
  const auto found = waiting_.find(archive);
  if (found == waiting_.end()) return;
  auto waiting = std::move(found->second);
  waiting_.erase(found);
  for (Incoming& incoming : waiting) {
    waiting_bytes_ -= incoming.message.footprint();
    const auto number = incoming.number;
    try {
      process(std::move(incoming));
    } catch (...) {  // the others are to come all the same
      parts_.host.report_error(std::current_exception());
    }
    if (number) parts_.ledger.release(*number);
  }
}

void Inbox::handle(const Element& message, std::uint32_t number) {
  Incoming incoming{.message = message,
                    .archive = parts_.self,
                    .archive_id = {},
                    .stamp = {},
                    .number = number,
                    .live = true};
  if (has_carbon(message)) {
    const Element* const inner = carbon_of(message);
    if (inner == nullptr || message.attr("from") != parts_.self) return;  // forged (CVE-2017-5589)
    incoming.message = *inner;
  }
  std::string room;
  if (incoming.message.attr("type") == "groupchat") {
    room = bare_jid(incoming.message.attr("from"));
    incoming.archive = room;
  }
  incoming.archive_id = archive_id_of(incoming.message, incoming.archive);
  incoming.stamp = stamp_of(incoming.message, parts_.self, room);
  sort(std::move(incoming));
}

Inbox::Incoming Inbox::from_archive(const std::string& archive, const ArchivedMessage& message) {
  return {.message = message.message,
          .archive = archive,
          .archive_id = message.id,
          .stamp = message.stamp,
          .number = {},
          .live = false};
}

void Inbox::archived(const std::string& archive, const ArchivedMessage& message) {
  process(from_archive(archive, message));
}

std::optional<StoredMessage> Inbox::read(const std::string& archive,
                                         const ArchivedMessage& message) const {
  const Incoming incoming = from_archive(archive, message);
  const auto origin = origin_of(incoming);
  if (!origin) return std::nullopt;
  if (const std::string retracted = retracted_id(incoming.message); !retracted.empty()) {
    return stored(incoming, *origin, recall_of(incoming, *origin, retracted));
  }
  if (is_tombstone(incoming.message)) {
    StoredMessage gone = stored(incoming, *origin, payload_of(incoming, *origin, Content{}));
    gone.retract();
    return gone;
  }
  const auto content = read_content(incoming.message);
  if (!content) return std::nullopt;
  return stored(incoming, *origin, payload_of(incoming, *origin, *content));
}

void Inbox::revise(StoredMessage& message, const std::string& archive,
                   const ArchivedMessage& later) const {
  const bool retracts = message.is_called(retracted_id(later.message));
  if (!retracts && !message.is_called(corrected_id(later.message))) return;
  const Incoming incoming = from_archive(archive, later);
  const auto origin = origin_of(incoming);
  if (!origin || origin->talker != message.payload.talker_id ||
      origin->conversation != message.conversation ||
      message.payload.type == MessageType::recalled) {
    return;
  }
  if (retracts) {
    message.retract();
  } else if (const auto content = read_content(incoming.message)) {
    message.correct(payload_of(incoming, *origin, *content), incoming.message);
  }
}

StoredMessage Inbox::own(const Element& message, const std::string& conversation,
                         bool in_room) const {
  const Incoming incoming{.message = message,
                          .archive = in_room ? conversation : parts_.self,
                          .archive_id = {},
                          .stamp = {},
                          .number = {}};
  const Origin origin{
      .talker = parts_.self, .conversation = conversation, .in_room = in_room, .own = true};
  const Content content = read_content(message).value_or(Content{});
  return stored(incoming, origin, payload_of(incoming, origin, content));
}

void Inbox::sort(Incoming incoming) {
  if (open_.contains(incoming.archive)) {
    process(std::move(incoming));
    return;
  }
  if (incoming.archive != parts_.self && !parts_.rooms.knows(incoming.archive)) return;
  const std::size_t size = incoming.message.footprint();
  const bool is_full = waiting_bytes_ + size > parts_.max_waiting_bytes;
  const bool is_archived = !incoming.archive_id.empty() && gives_ids(incoming.archive);
  if (!is_archived && is_full) {
    process(std::move(incoming));  // no archive has it: rather out of order than not at all
    return;
  }
  if (is_archived && (is_full || overflowed_.contains(incoming.archive))) {
    overflowed_.insert(incoming.archive);
    return;
  }
  if (incoming.number) parts_.ledger.hold(*incoming.number);
  waiting_bytes_ += size;
  waiting_[incoming.archive].push_back(std::move(incoming));
}

std::string Inbox::room_talker(const Incoming& incoming) const {
  const Element& message = incoming.message;
  // In a live message it is the sender's word only.
  if (std::string jid = incoming.live ? std::string{} : archived_speaker(message); !jid.empty()) {
    return jid;
  }
  return parts_.rooms.speaker(message);
}

std::optional<Inbox::Origin> Inbox::origin_of(const Incoming& incoming) const {
  const Element& message = incoming.message;
  const auto from = Jid::parse(message.attr("from"));
  const std::string_view type = message.attr("type");
  Origin origin;
  if (incoming.archive != parts_.self || type == "groupchat") {
    const auto room = parts_.rooms.find(incoming.archive);
    if (!room || !from || from->bare() != incoming.archive || from->resource.empty()) {
      return std::nullopt;
    }
    origin.conversation = incoming.archive;
    origin.in_room = true;
    origin.talker = room_talker(incoming);
    origin.own = origin.talker == parts_.self;
    return origin;
  }
  if (type != "chat" && type != "normal" && !type.empty()) return std::nullopt;
  const std::string sender = from ? from->bare() : parts_.self;
  origin.own = sender == parts_.self;
  const auto to = Jid::parse(message.attr("to"));
  const Jid other = !origin.own ? *from : to.value_or(Jid{});
  std::string peer = other.domain.empty() ? parts_.self : other.bare();
  if (const auto room = parts_.rooms.find(peer)) {  // whispered in a room
    if (other.resource.empty()) return std::nullopt;
    peer = origin.own ? room->id_of(other.resource) : parts_.rooms.speaker(message);
  }
  origin.conversation = peer;
  origin.talker = origin.own ? parts_.self : peer;
  return origin;
}

/// Our own messages have the id that their sender gave them, on whatever device; those of others
/// the archive's; without an archive one that others cannot collide with.
std::string Inbox::id_of(const Incoming& incoming, const Origin& origin) const {
  const std::string sender_id{incoming.message.attr("id")};
  if (origin.own && is_usable(sender_id)) return sender_id;
  if (!incoming.archive_id.empty()) return incoming.archive_id;
  const std::string name = sender_id.empty() ? incoming.message.to_xml() : sender_id;
  return to_hex(digest("SHA256", origin.conversation + '\n' + origin.talker + '\n' + name))
      .substr(0, 40);
}

MessagePayload Inbox::payload_of(const Incoming& incoming, const Origin& origin,
                                 const Content& content) const {
  MessagePayload payload{.id = id_of(incoming, origin),
                         .talker_id = origin.talker,
                         .type = content.type,
                         .timestamp = incoming.stamp.value_or(now()),
                         .text = content.text};
  if (content.file) payload.filename = content.file->name;
  if (!origin.in_room) {
    payload.listener_id = origin.own ? origin.conversation : parts_.self;
    return payload;
  }
  payload.room_id = origin.conversation;
  const auto room = parts_.rooms.find(origin.conversation);
  for (const std::string& mention : content.mentions) {
    const auto jid = Jid::parse(mention);
    const bool is_occupant = jid && jid->bare() == origin.conversation && !jid->resource.empty();
    payload.mention_id_list.push_back(is_occupant && room ? room->id_of(jid->resource)
                                      : jid               ? jid->bare()
                                                          : mention);
  }
  if (!room || !payload.mention_id_list.empty()) return payload;
  payload.mention_id_list = room->mentioned_in(content.text);  // clients that write @nick only
  return payload;
}

Ledger::Position Inbox::position_of(const Incoming& incoming) {
  return {.archive = incoming.archive,
          .id = incoming.archive_id,
          .time = to_text(incoming.stamp.value_or(now()))};
}

void Inbox::pass(const Incoming& incoming) {
  if (!incoming.archive_id.empty()) {
    parts_.ledger.passed(position_of(incoming));
  }
}

bool Inbox::gives_ids(const std::string& archive) const {
  const auto said = gives_ids_.find(archive);
  if (said != gives_ids_.end()) return said->second;
  const std::string place = parts_.ledger.position(archive).id;
  // A room that was made by us has a beginning without an archive, too.
  return !place.empty() && (archive == parts_.self || place != Ledger::beginning);
}

void Inbox::process(Incoming incoming) {
  if (incoming.live && !gives_ids(incoming.archive)) incoming.archive_id.clear();
  const auto origin = origin_of(incoming);
  if (!origin) return pass(incoming);
  const std::string sender_id{incoming.message.attr("id")};
  // Before came_back(): who waits for the delivery may recall the message at once.
  if (origin->own && !incoming.archive_id.empty()) {
    parts_.store.set_archive_id(sender_id, incoming.archive_id);
  }
  if (origin->own && parts_.deliveries.came_back(sender_id)) {
    static_cast<void>(parts_.ledger.is_new(sender_id));
    return pass(incoming);
  }
  if (const std::string retracted = retracted_id(incoming.message); !retracted.empty()) {
    return retract(incoming, *origin, retracted);
  }
  const auto content = read_content(incoming.message);
  if (!content || incoming.message.child("x", ns::conference) != nullptr) return pass(incoming);
  if (correct(incoming, *origin, *content)) return;
  MessagePayload payload = payload_of(incoming, *origin, *content);
  if (!parts_.ledger.is_new(payload.id)) return pass(incoming);
  send_receipt(incoming, *origin);
  report(incoming, *origin, std::move(payload));
}

StoredMessage Inbox::stored(const Incoming& incoming, const Origin& origin,
                            const MessagePayload& payload) {
  const Element* const origin_id = incoming.message.child("origin-id", ns::stanza_id);
  return {.payload = payload,
          .stanza = incoming.message,
          .conversation = origin.conversation,
          .in_room = origin.in_room,
          .own = origin.own,
          .sender_id = std::string{incoming.message.attr("id")},
          .origin_id = std::string{origin_id ? origin_id->attr("id") : std::string_view{}},
          .archive_id = incoming.archive_id};
}

void Inbox::report(const Incoming& incoming, const Origin& origin, MessagePayload payload) {
  parts_.store.put(stored(incoming, origin, payload));
  std::optional<Ledger::Position> position;
  if (!incoming.archive_id.empty()) position = position_of(incoming);
  parts_.ledger.reported(payload.id, incoming.number, std::move(position));
  parts_.host.receive(std::move(payload));
}

/// Somebody takes a message of his own back: it is a message of type `recalled`, whose text is the
/// id of the one that is gone.
MessagePayload Inbox::recall_of(const Incoming& incoming, const Origin& origin,
                                const std::string& reference) const {
  const auto original = parts_.store.find_reference(origin.conversation, origin.talker, reference);
  return payload_of(
      incoming, origin,
      Content{.type = MessageType::recalled, .text = original ? original->payload.id : reference});
}

void Inbox::retract(const Incoming& incoming, const Origin& origin, const std::string& reference) {
  const auto original = parts_.store.find_reference(origin.conversation, origin.talker, reference);
  MessagePayload payload = recall_of(incoming, origin, reference);
  if (!parts_.ledger.is_new(payload.id)) return pass(incoming);
  if (original) {
    parts_.store.retract(original->payload.id);
    parts_.host.report(dirty(DirtyType::message, original->payload.id));
  }
  report(incoming, origin, std::move(payload));
}

bool Inbox::correct(const Incoming& incoming, const Origin& origin, const Content& content) {
  const std::string reference = corrected_id(incoming.message);
  if (reference.empty()) return false;
  const auto original = parts_.store.find_reference(origin.conversation, origin.talker, reference);
  if (!original) return false;  // not known here: a message like any other
  MessagePayload payload = payload_of(incoming, origin, content);
  if (parts_.ledger.is_new(payload.id)) {
    parts_.store.correct(original->payload.id, std::move(payload), incoming.message);
    parts_.host.report(dirty(DirtyType::message, original->payload.id));
  }
  pass(incoming);
  return true;
}

void Inbox::send_receipt(const Incoming& incoming, const Origin& origin) {
  if (!incoming.live || origin.own || origin.in_room ||
      incoming.message.child("request", ns::receipts) == nullptr ||
      !incoming.message.has_attr("id") || !parts_.is_trusted(origin.talker)) {
    return;
  }
  parts_.wire.send(
      Element{"message", ns::client}
          .set("to", incoming.message.attr("from"))
          .set("type", incoming.message.attr("type"))
          .add(Element{"received", ns::receipts}.set("id", incoming.message.attr("id")))
          .add(Element{"store", ns::hints}));
}

}  // namespace wechaty::puppet_xmpp
