// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/timestamp.hpp"

namespace wechaty::puppet_xmpp {

using puppet::DirtyType;

namespace {
/// The position in an archive that was empty.
constexpr std::string_view beginning = "-";
constexpr std::chrono::seconds between_beats{15};
constexpr std::chrono::seconds longest_without_ack{5};
}  // namespace

Account::Account(const XmppOptions& options, Jid jid, Card card, AccountHost& host,
                 spdlog::logger& log)
    : options_{options},
      jid_{std::move(jid)},
      self_{jid_.bare()},
      host_{host},
      log_{log},
      card_{std::move(card)},
      client_{options_, jid_, *this, log},
      roster{client_,
             [this](const auto& contact, const auto& was, const auto& is) {
               host_.report(dirty(DirtyType::contact, contact));
               requests.handle_roster(contact, was, is);
             }},
      uploads{client_,
              disco,
              {.ca_file = options_.ca_file,
               .stall = options_.request_timeout,
               .max_bytes = options_.max_download_bytes}},
      rooms{client_, host,
            [this](const std::string& room) {
              open(room);  // what waits for its archive is looked at, and dropped
              log_.info("XMPP {}: out of room {}", self_, room);
            }},
      requests{client_, host, card_,
               [this] {
                 if (keeper_) keeper_->touch(true);
               }},
      inbox_{{.self = self_,
              .wire = client_,
              .host = host,
              .rooms = rooms,
              .ledger = ledger,
              .deliveries = deliveries_,
              .store = store,
              .is_trusted = [this](std::string_view contact) {
                const auto item = roster.find(contact);
                return item && (item->subscription == "from" || item->subscription == "both");
              }}} {
  ledger.restore(card_.positions(), card_.seen());
}

void Account::start() {
  keeper_.emplace(
      card_, ledger, [this](const Ledger::Settled& settled) { on_saved(settled); },
      [this](std::exception_ptr error) { host_.report_error(std::move(error)); });
  synchroniser_ = std::jthread{[this](const std::stop_token& stop) { synchronise(stop); }};
  client_.start();
}

void Account::stop() {
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(stopped_, true)) return;
  }
  synchroniser_.request_stop();
  const auto resumption = card_.resumption();
  client_.stop();
  if (synchroniser_.joinable()) synchroniser_.join();
  if (!keeper_) return;
  keeper_->stop();
  if (card_abandoned_) return;
  ledger.settle_all();
  keeper_->write();
}

void Account::abandon_card() {
  card_abandoned_ = true;
  if (keeper_) keeper_->stop();
}

// --- the client tells --------------------------------------------------------------------------

LoginRequest Account::login_request() {
  LoginRequest request{.account = jid_,
                       .tls = options_.tls,
                       .password = {},
                       .keys = card_.keys(),
                       .stream_management = true,
                       .resumable = options_.resumption,
                       .resumption = card_.resumption()};
  if (!options_.password.empty()) request.password = options_.password;
  return request;
}

void Account::on_session(const LoginResult& result, std::deque<Outbox::Entry> unsettled) {
  last_trouble_.clear();
  ack_wanted_ = false;
  if (!result.resumed) {
    ++session_;
    ready_ = false;
    ledger.new_session();
    inbox_.close_all();
    rooms.forget_presence();
  } else if (session_ == 0) {
    ++session_;
    ledger.new_session();
    ledger.resumed_at(client_.received());
    inbox_.open(self_);  // the server sends what we have not acknowledged
  }
  if (!card_abandoned_) {
    card_.set_login(self_, result.keys);
    keeper_->set_resumption(client_.resumption());
  }
  {
    const std::lock_guard lock{mutex_};
    for (Outbox::Entry& entry : unsettled) {
      if (entry.on_settled) unsettled_.push_back(std::move(entry));
    }
    if (!ready_) {
      wanted_ = true;
      full_ = !result.resumed;
    }
  }
  keeper_->touch(false);
  changed_.notify_all();
  host_.on_login();
}

void Account::on_stanza(const Element& stanza, std::uint32_t number) {
  try {
    if (stanza.name == "message") {
      handle_message(stanza, number);
    } else if (stanza.name == "presence") {
      handle_presence(stanza);
    } else if (stanza.attr("type") == "get" || stanza.attr("type") == "set") {
      if (!roster.handle(stanza)) disco.answer(stanza);
    }
  } catch (...) {  // a stanza that nobody understands must not end the loop
    host_.report_error(std::current_exception());
  }
  ledger.handled(number);
  keeper_->touch(false);
}

void Account::handle_message(const Element& message, std::uint32_t number) {
  if (archive.handle(message)) return;
  if (message.attr("type") == "error") return handle_error(message);
  const std::string from = bare_jid(message.attr("from"));
  if (const Element* const event = message.child("event", ns::pubsub_event)) {
    return handle_event(from, *event);
  }
  if (message.child("subject") != nullptr) note_topic(message);
  if (rooms.handle_message(message)) return;
  const auto in_room = [this](std::string_view room) {
    const auto known = rooms.find(room);
    return known && known->joined;
  };
  if (requests.handle_message(message, in_room)) return;
  inbox_.handle(message, number);
}

void Account::handle_error(const Element& message) {
  if (deliveries_.refused(message.attr("id"), message)) return;
  if (const auto known = store.find(message.attr("id")); known && known->own) {
    try {
      throw_stanza_error(message, "message \"" + std::string{message.attr("id")} + "\" to \"" +
                                      std::string{message.attr("from")} + "\"");
    } catch (...) {
      host_.report_error(std::current_exception());
    }
  }
}

void Account::handle_presence(const Element& presence) {
  if (rooms.handle_presence(presence) || requests.handle_presence(presence)) return;
  const std::string from = bare_jid(presence.attr("from"));
  const Element* const update = presence.child("x", ns::vcard_update);
  const Element* const photo = update ? update->child("photo") : nullptr;
  if (photo == nullptr || !roster.find(from)) return;
  std::string& known = pictures_[from];
  if (std::exchange(known, photo->text) != photo->text && host_.is_cached(from)) {
    host_.report(dirty(DirtyType::contact, from));
  }
}

void Account::handle_event(const std::string& from, const Element& event) {
  const Element* const items = event.child("items");
  if (items == nullptr || from.empty()) return;
  const std::string_view node = items->attr("node");
  if ((node == ns::nick || node == ns::avatar_metadata) && host_.is_cached(from)) {
    host_.report(dirty(DirtyType::contact, from));
  }
}

void Account::on_ack_wanted() {
  ack_wanted_ = true;
  keeper_->touch(true);
  client_.post_at(std::chrono::steady_clock::now() + longest_without_ack, [this] {
    // The store or a listener takes its time: say at least that we are alive.
    if (std::exchange(ack_wanted_, false)) client_.acknowledge(ledger.settled().received);
  });
}

void Account::on_saved(const Ledger::Settled& settled) {
  client_.post([this, settled] {
    if (settled.session != ledger.settled().session) return;
    ack_wanted_ = false;
    client_.acknowledge(settled.received);
  });
}

void Account::on_alive() {
  const auto now = std::chrono::steady_clock::now();
  if (now - last_beat_ < between_beats) return;
  last_beat_ = now;
  host_.on_heartbeat();
}

void Account::on_trouble(const std::string& why) {
  if (std::exchange(last_trouble_, why) == why) return;  // told once until it changes
  host_.report_error(std::make_exception_ptr(puppet::Error{self_ + ": " + why}));
}

void Account::on_ended(LoginFailure::Kind, const std::string& why) { host_.on_ended(why); }

// --- after a new session -----------------------------------------------------------------------

void Account::synchronise(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, stop, [this] { return wanted_; });
      if (stop.stop_requested()) return;
      wanted_ = false;
    }
    const std::uint64_t session = session_;
    try {
      synchronise_once(session);
    } catch (...) {
      // The next session, if there is one, brings the next try.
      if (!stop.stop_requested() && is_current(session)) {
        host_.report_error(std::current_exception());
      }
    }
  }
}

void Account::synchronise_once(std::uint64_t session) {
  bool full = false;
  {
    const std::lock_guard lock{mutex_};
    full = full_;
  }
  roster.load();
  if (full) {
    const Element answer = client_.ask(iq_set().add(Element{"enable", ns::carbons}));
    if (answer.attr("type") == "error") log_.info("XMPP {}: no carbons here", self_);
    client_.send(Element{"presence", ns::client}.add(Disco::caps()));
  }
  const bool archived = disco.info(self_).has(ns::mam);
  synchronise_rooms(full);
  if (full && archived) catch_up(self_);
  if (!is_current(session)) return;
  open(self_);
  send_again();
  ready_ = true;
  host_.on_ready();
}

void Account::synchronise_rooms(bool full) {
  std::vector<Bookmark> wanted;
  try {
    wanted = bookmarks.load();
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::Error& error) {
    log_.info("XMPP {}: no bookmarks: {}", self_, error.what());
  }
  std::erase_if(wanted, [](const Bookmark& bookmark) { return !bookmark.autojoin; });
  for (const Bookmark& bookmark : wanted) {
    rooms.enter(bookmark.room, bookmark.nick.empty() ? jid_.local : bookmark.nick);
  }
  for (const Bookmark& bookmark : wanted) {
    try {
      static_cast<void>(
          rooms.wait_until_in(bookmark.room, options_.request_timeout, client_.stop_token()));
      refresh(bookmark.room);
      if (full && room_admin.info(bookmark.room).archived) catch_up(bookmark.room);
    } catch (const puppet::CancelledError&) {
      throw;
    } catch (...) {
      host_.report_error(std::current_exception());
    }
    open(bookmark.room);
  }
}

/// Fetch what was said since the last position, oldest first. The first time there is no position,
/// and nothing of the past is of interest.
void Account::catch_up(const std::string& owner) {
  std::string place = ledger.position(owner);
  if (place.empty()) {
    ledger.passed({.archive = owner, .id = archive.newest(owner).value_or(std::string{beginning})});
    return;
  }
  if (place == beginning) place.clear();
  while (true) {
    Archive::Page page;
    try {
      page = archive.after(owner, place);
    } catch (const puppet::NotFoundError&) {
      // The archive has forgotten the place: everything that it still has is newer.
      page = archive.after(owner, {});
    }
    if (page.messages.empty()) return;
    place = page.messages.back().id;
    client_.post([this, owner, messages = std::move(page.messages)] {
      for (const ArchivedMessage& message : messages) inbox_.archived(owner, message);
    });
    if (page.complete) return;
  }
}

void Account::open(const std::string& owner) {
  client_.post([this, owner] {
    inbox_.open(owner);
    keeper_->touch(false);
  });
}

/// What the server may not have got before the last session ended, and what is not in the archives
/// either.
void Account::send_again() {
  client_.post([this] {  // after what the archives brought
    std::vector<Outbox::Entry> unsettled;
    {
      const std::lock_guard lock{mutex_};
      unsettled = std::exchange(unsettled_, {});
    }
    for (Outbox::Entry& entry : unsettled) {
      if (deliveries_.is_waiting(entry.stanza.attr("id"))) {
        client_.send_safely(std::move(entry.stanza), std::move(entry.on_settled));
      }
    }
  });
}

// --- what hooks want ---------------------------------------------------------------------------

std::string Account::say(std::string_view conversation, std::string_view what,
                         const std::function<void(Element&)>& write) {
  const std::string about = std::string{what} + ": \"" + std::string{conversation} + "\"";
  const auto to = Jid::parse(conversation);
  const auto room = to ? rooms.find(to->bare()) : std::nullopt;
  if (!to || (to->local.empty() && !room)) {
    throw puppet::NotFoundError{about + " is neither a contact nor a room"};
  }
  const bool in_room = room && to->resource.empty();
  if (in_room && !room->joined) throw puppet::NotFoundError{about + ": not in this room"};
  const std::string id = random_uuid();
  const std::string address = room ? to->full() : to->bare();
  Element message = Element{"message", ns::client}
                        .set("to", address)
                        .set("type", in_room ? "groupchat" : "chat")
                        .set("id", id);
  write(message);
  message.add(Element{"origin-id", ns::stanza_id}.set("id", id));
  if (message.child("apply-to", ns::fasten) == nullptr) {
    message.add(Element{"markable", ns::markers});
    if (!in_room) message.add(Element{"request", ns::receipts});
  }
  const auto content = read_content(message);
  store.put({.payload = {.id = id,
                         .talker_id = self_,
                         .type = content ? content->type : puppet::MessageType::unknown,
                         .timestamp = now(),
                         .text = content ? std::optional{content->text} : std::nullopt},
             .stanza = message,
             .conversation = in_room ? to->bare() : address,
             .in_room = in_room,
             .own = true,
             .sender_id = id,
             .archive_id = {}});
  deliveries_.begin(id, in_room);
  client_.send_safely(std::move(message),
                      [this, id](const std::string& problem) { deliveries_.settled(id, problem); });
  deliveries_.wait_for(id, about, options_.request_timeout, client_.stop_token());
  static_cast<void>(ledger.is_new(id));
  ledger.reported(id, {}, {});
  return id;
}

bool Account::recall(const StoredMessage& message) {
  const std::string& reference = message.in_room ? message.archive_id : message.sender_id;
  if (!message.own || reference.empty()) return false;
  const std::string id = random_uuid();
  Element retraction = Element{"message", ns::client}
                           .set("to", message.conversation)
                           .set("type", message.in_room ? "groupchat" : "chat")
                           .set("id", id);
  write_retraction(retraction, reference);
  retraction.add(Element{"origin-id", ns::stanza_id}.set("id", id));
  deliveries_.begin(id, message.in_room);
  client_.send_safely(std::move(retraction),
                      [this, id](const std::string& problem) { deliveries_.settled(id, problem); });
  deliveries_.wait_for(id, "message_recall: \"" + message.payload.id + "\"",
                       options_.request_timeout, client_.stop_token());
  static_cast<void>(ledger.is_new(id));
  store.retract(message.payload.id);
  return true;
}

void Account::set_topic(const std::string& room, std::string_view topic) {
  const std::string id = random_uuid();
  {
    const std::lock_guard lock{mutex_};
    topics_.insert_or_assign(room, id);
  }
  deliveries_.begin(id, true);
  client_.send_safely(Element{"message", ns::client}
                          .set("to", room)
                          .set("type", "groupchat")
                          .set("id", id)
                          .add(Element{"subject", ns::client, topic}),
                      [this, id](const std::string& problem) { deliveries_.settled(id, problem); });
  deliveries_.wait_for(id, "set_room_topic: \"" + room + "\"", options_.request_timeout,
                       client_.stop_token());
}

/// A room's topic comes back without the id under which it was sent.
void Account::note_topic(const Element& message) {
  const auto from = Jid::parse(message.attr("from"));
  const auto room = from ? rooms.find(from->bare()) : std::nullopt;
  if (!room || from->resource != room->nick) return;
  std::string id;
  {
    const std::lock_guard lock{mutex_};
    const auto found = topics_.find(room->jid);
    if (found == topics_.end()) return;
    id = std::move(found->second);
    topics_.erase(found);
  }
  static_cast<void>(deliveries_.came_back(id));
}

MessageStore::Pointer Account::fetch(std::string_view id) {
  if (auto known = store.find(id)) return known;
  std::vector<std::string> owners = rooms.joined();
  owners.insert(owners.begin(), self_);
  for (const auto& owner : owners) {
    const auto found = archive.find(owner, id);
    auto read = found ? inbox_.read(owner, *found) : std::nullopt;
    if (!read || read->payload.id != id) continue;
    store.put(*std::move(read));
    return store.find(id);
  }
  throw puppet::NotFoundError{"no message \"" + std::string{id} + "\""};
}

void Account::mark_read(std::string_view conversation) {
  const auto newest = store.newest(conversation);
  if (!newest) return;
  const std::string& reference = newest->in_room ? newest->archive_id : newest->sender_id;
  if (reference.empty()) return;
  client_.send(Element{"message", ns::client}
                   .set("to", newest->conversation)
                   .set("type", newest->in_room ? "groupchat" : "chat")
                   .set("id", random_uuid())
                   .add(Element{"displayed", ns::markers}.set("id", reference)));
}

bool Account::join(const std::string& room, const std::string& name) {
  constexpr int tries = 4;
  std::string nick = jid_.local;
  bool created = false;
  for (int i = 1;; ++i) {
    rooms.enter(room, nick);
    try {
      created = rooms.wait_until_in(room, options_.request_timeout, client_.stop_token());
      break;
    } catch (const puppet::ConflictError&) {  // somebody else is called so
      if (i == tries) throw;
      nick += "_";
    }
  }
  if (!created) {
    refresh(room);
    if (room_admin.info(room).archived) catch_up(room);
  } else {
    ledger.passed({.archive = room, .id = std::string{beginning}});
  }
  open(room);
  bookmarks.put({.room = room, .name = name, .nick = nick, .autojoin = true});
  return created;
}

void Account::refresh(const std::string& room) {
  const RoomInfo info = room_admin.info(room);
  auto affiliations = room_admin.affiliations(room);
  rooms.update(room, [&](Room& known) {
    known.name = info.name;
    known.description = info.description;
    known.members_only = info.members_only;
    known.non_anonymous = info.non_anonymous;
    for (auto& [member, affiliation] : affiliations) known.set_affiliation(member, affiliation);
    if (affiliations.empty()) return;
    std::erase_if(known.affiliations,
                  [&](const auto& entry) { return !affiliations.contains(entry.first); });
  });
}

void Account::quit(const std::string& room) {
  const auto known = rooms.find(room);
  if (!known) throw puppet::NotFoundError{"room_quit: not in room \"" + room + "\""};
  const auto place = known->affiliations.find(self_);
  const std::string affiliation = place == known->affiliations.end() ? "none" : place->second;
  const bool only_owner = affiliation == "owner" && known->with_affiliation("owner").size() == 1;
  if (only_owner) {
    // Somebody has to own a room: the first of the others, or nobody is left to need it.
    const auto members = known->members();
    const auto heir = std::find_if(members.begin(), members.end(), [&](const auto& member) {
      return member != self_ && known->affiliations.contains(member);
    });
    if (heir == members.end()) {
      room_admin.destroy(room);
    } else {
      room_admin.set_affiliation(room, *heir, "owner");
    }
  }
  rooms.leave(room);
  try {
    if (affiliation == "owner" || affiliation == "admin") {
      room_admin.set_affiliation(room, self_, "none");
    } else if (affiliation == "member") {
      room_admin.give_up_membership(room);
    }
  } catch (const puppet::NotFoundError&) {  // destroyed
  }
  bookmarks.remove(room);
}

}  // namespace wechaty::puppet_xmpp
