// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/account.hpp"

#include <spdlog/logger.h>

#include <utility>

namespace wechaty::puppet_xmpp {

using puppet::DirtyType;

namespace {
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
               .total = options_.download_timeout,
               .max_bytes = options_.max_download_bytes}},
      rooms{client_, host,
            [this](const std::string& room, bool put_out) {
              open(
                  room,
                  synchroniser_.session());  // what waits for its archive is looked at, and dropped
              log_.info("XMPP {}: out of room {}", self_, room);
              if (put_out) stay_out(room);
            }},
      requests{client_, host, card_,
               [this] {
                 if (keeper_) keeper_->touch(true);
               }},
      invitations{client_, host, rooms, card_,
                  [this] {
                    if (keeper_) keeper_->touch(true);
                  }},
      room_list{bookmarks, card_,
                [this] {
                  if (keeper_) keeper_->touch(true);
                },
                log_},
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
  synchroniser_.start();
  client_.start();
}

void Account::stop() {
  {
    const std::lock_guard lock{mutex_};
    if (std::exchange(stopped_, true)) return;
  }
  synchroniser_.request_stop();
  client_.stop();
  synchroniser_.stop();
  if (!keeper_) return;
  keeper_->stop();
  if (card_abandoned_) return;
  ledger.settle_all();
  note_resumption();  // none after an orderly end of the stream
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
  saved_ = client_.received();
  if (!result.resumed) {
    if (synchroniser_.session() > 0) host_.on_gap();
    synchroniser_.count_session();
    ready_ = false;
    complete_ = ledger.position(self_).id.empty();  // the past is of no interest the first time
    ledger.new_session();
    inbox_.close_all();
    rooms.forget_presence();
  } else if (synchroniser_.session() == 0) {
    synchroniser_.count_session();
    complete_ = true;
    ledger.new_session();
    ledger.resumed_at(client_.received());
    inbox_.open(self_);  // the server sends what we have not acknowledged
  }
  if (!card_abandoned_) {
    card_.set_login(self_, result.keys);
    note_resumption();
  }
  {
    const std::lock_guard lock{mutex_};
    for (Outbox::Entry& entry : unsettled) {
      if (entry.on_settled) unsettled_.push_back(std::move(entry));
    }
  }
  keeper_->touch(false);
  if (!ready_) synchroniser_.want(!result.resumed);
  host_.on_login();
}

/// A process that is killed before the session was synchronised leaves none to resume: the next one
/// has to ask the archives what this one has not told.
void Account::note_resumption() {
  keeper_->set_resumption(complete_ ? client_.resumption() : std::nullopt);
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
  if (invitations.handle(message)) return;
  inbox_.handle(message, number);
}

void Account::handle_error(const Element& message) {
  if (deliveries_.refused(message, self_)) return;
  const auto known = store.find(message.attr("id"));
  if (known && known->own && may_refuse(message, known->conversation, self_)) {
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
  if (node == ns::bookmarks && from == self_) note_bookmarks(*items);
  if ((node == ns::nick || node == ns::avatar_metadata) && host_.is_cached(from)) {
    host_.report(dirty(DirtyType::contact, from));
  }
}

void Account::on_ack_wanted() {
  ack_wanted_ = true;
  keeper_->touch(true);
  client_.post_at(std::chrono::steady_clock::now() + longest_without_ack, [this] {
    // The store or a listener takes its time: say at least that we are alive.
    if (ack_wanted_) client_.acknowledge(saved_);
  });
}

void Account::delivered(std::string_view message_id) {
  ledger.delivered(message_id);
  if (keeper_) keeper_->touch(ack_wanted_);
}

void Account::on_saved(const Ledger::Settled& settled) {
  client_.post([this, settled] {
    if (settled.session != ledger.settled().session) return;
    saved_ = settled.received;
    client_.acknowledge(saved_);
    if (saved_ == client_.received()) ack_wanted_ = false;
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

void Account::on_error(std::exception_ptr error) { host_.report_error(std::move(error)); }

void Account::on_ended(LoginFailure::Kind kind, const std::string& why) {
  synchroniser_.end();
  host_.on_ended(kind, why);
}

}  // namespace wechaty::puppet_xmpp
