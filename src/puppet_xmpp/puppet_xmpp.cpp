// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_xmpp/puppet_xmpp.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "puppet_xmpp/account.hpp"
#include "puppet_xmpp/stream/endpoints.hpp"

namespace wechaty::puppet_xmpp {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

/// What the account may tell the puppet.
class PuppetXmpp::Port final : public AccountHost {
 public:
  explicit Port(PuppetXmpp& puppet) : puppet_{puppet} {}

  void report(EventPayload event) override { puppet_.report(std::move(event)); }
  void receive(MessagePayload message) override { puppet_.receive(std::move(message)); }
  void receive(FriendshipPayload friendship) override { puppet_.receive(std::move(friendship)); }
  void report_error(std::exception_ptr error) override { puppet_.report_error(std::move(error)); }
  void on_login() override {
    const auto account = puppet_.current();
    if (!account) return;
    {
      const std::lock_guard lock{puppet_.mutex_};
      puppet_.logged_in_ = true;
    }
    puppet_.login(account->self());
  }
  void on_gap() override { puppet_.forget_payloads(); }
  void on_ready() override { puppet_.ready(); }
  void on_heartbeat() override { puppet_.heartbeat(); }
  void on_ended(LoginFailure::Kind kind, const std::string& why) override {
    puppet_.on_ended(kind == LoginFailure::Kind::address, why);
  }
  bool is_cached(const std::string& contact) override {
    return puppet_.contact_payload_cache(contact).has_value();
  }

 private:
  PuppetXmpp& puppet_;
};

namespace {

constexpr const char* wanted_address = "the account's address: XmppOptions::jid";

void check(const XmppOptions& options) {
  if (!options.jid.empty()) {
    const auto jid = Jid::parse(options.jid);
    if (!jid || jid->local.empty()) {
      throw InvalidArgumentError{"XmppOptions.jid: \"" + options.jid +
                                 "\" is no account's address"};
    }
  }
  if (options.tls == TlsMode::direct && !options.host.empty() && options.port == 0) {
    throw InvalidArgumentError{"XmppOptions.port: direct TLS to a given host needs the port"};
  }
  check_name_server(options.name_server);
  for (const auto& [name, time] :
       {std::pair{"request_timeout", options.request_timeout},
        std::pair{"login_timeout", options.login_timeout}, std::pair{"silence", options.silence},
        std::pair{"download_timeout", options.download_timeout}}) {
    if (time <= std::chrono::milliseconds{0}) {
      throw InvalidArgumentError{"XmppOptions." + std::string{name} + ": not above zero"};
    }
  }
}

}  // namespace

PuppetXmpp::PuppetXmpp(XmppOptions xmpp, PuppetOptions options)
    : Puppet{std::move(options)}, xmpp_{std::move(xmpp)}, port_{std::make_unique<Port>(*this)} {
  check(xmpp_);
  password_ = xmpp_.password;
  deliveries_ = on<EventMessagePayload>([this](const EventMessagePayload& message) {
    // Not now: other listeners come after this one, and are told within the same task.
    executor().post([account = std::weak_ptr{current()}, id = message.message_id] {
      if (const auto alive = account.lock()) alive->delivered(id);
    });
  });
}

PuppetXmpp::~PuppetXmpp() { stop(); }

// --- life ------------------------------------------------------------------------------------

void PuppetXmpp::do_start() {
  const std::lock_guard life{life_};
  started_ = true;
  begin();
}

void PuppetXmpp::begin() {
  Card card{memory()};
  const std::string stored = card.account();
  const std::string wanted = xmpp_.jid.empty() ? stored : xmpp_.jid;
  const auto jid = Jid::parse(wanted);
  if (!jid) return ask_for(wanted_address);
  if (!stored.empty() && stored != jid->bare()) {
    throw InvalidArgumentError{"the memory card holds the session of \"" + stored +
                               "\", not of \"" + jid->bare() + "\""};
  }
  const std::lock_guard lock{mutex_};
  if (password_.empty() && !card.keys()) {
    return ask_for("the password of " + jid->bare() + ": XmppOptions::password or log_in()");
  }
  XmppOptions options = xmpp_;
  options.password = password_;
  account_ = std::make_shared<Account>(options, *jid, std::move(card), *port_, log());
  account_->start();
}

/// XMPP has no code to scan, so none is made up: the event says what is missing.
void PuppetXmpp::ask_for(const std::string& what) {
  report(EventScanPayload{.status = ScanStatus::waiting, .qrcode = {}, .data = what});
}

/// @result whether the server knows that the session is over
bool PuppetXmpp::end(bool keep_card) {
  std::shared_ptr<Account> account;
  {
    const std::lock_guard lock{mutex_};
    account = account_;
    logged_in_ = false;
  }
  if (!account) return true;
  if (!keep_card) account->abandon_card();
  account->stop();
  const std::lock_guard lock{mutex_};
  if (account_ == account) account_.reset();
  return account->has_left();
}

void PuppetXmpp::do_stop() {
  const std::lock_guard life{life_};
  started_ = false;
  static_cast<void>(end(true));
}

void PuppetXmpp::do_logout(std::string_view /*reason*/) {
  const std::lock_guard life{life_};
  const bool has_left = end(false);
  {
    const std::lock_guard lock{mutex_};
    password_ = xmpp_.password;  // that of log_in() is forgotten
  }
  if (!has_left) {
    throw Error{"logout: the server could not be told; it keeps the session until it times out"};
  }
}

void PuppetXmpp::log_in(std::string password) {
  const std::lock_guard life{life_};
  if (!started_) return;
  static_cast<void>(end(true));
  {
    const std::lock_guard lock{mutex_};
    password_ = password.empty() ? xmpp_.password : std::move(password);
  }
  begin();
}

/// On the account's loop, which must not wait for itself: the account is stopped later.
void PuppetXmpp::on_ended(bool wrong_address, const std::string& why) {
  const auto account = current();
  if (!account) return;
  account->abandon_card();
  bool was_logged_in = false;
  {
    const std::lock_guard lock{mutex_};
    was_logged_in = std::exchange(logged_in_, false);
    password_.clear();  // it is of no use any more
  }
  if (was_logged_in) {
    logged_out(why);
    return;
  }
  Card{memory()}.forget_login();
  report_error(std::make_exception_ptr(Error{account->self() + ": " + why}));
  ask_for(wrong_address ? wanted_address : "another password of " + account->self() + ": log_in()");
}

void PuppetXmpp::do_ding(std::string_view data) {
  if (const auto account = is_logged_in() ? current() : nullptr) {
    const auto server = Jid::parse(account->self());
    static_cast<void>(account->wire.ask(iq_get(server->domain).add(Element{"ping", ns::ping})));
  }
  report(EventDongPayload{.data = std::string{data}});
}

std::shared_ptr<Account> PuppetXmpp::current() {
  const std::lock_guard lock{mutex_};
  return account_;
}

std::shared_ptr<Account> PuppetXmpp::account(std::string_view what) {
  if (auto account = current()) return account;
  throw NotLoggedInError{std::string{what} + ": " + name() + " is not connected"};
}

// --- messages --------------------------------------------------------------------------------

std::string PuppetXmpp::do_message_send_text(std::string_view conversation_id,
                                             std::string_view text,
                                             const MessageSendOptions& options) {
  const auto self = account("message_send_text");
  std::vector<Mention> mentions;
  const auto room = self->rooms.find(bare_jid(conversation_id));
  for (const auto& id : options.mention_id_list) {
    const std::string nick = room ? room->nick_of(id).value_or("") : std::string{};
    const auto jid = Jid::parse(id);
    const bool is_hidden = room && jid && jid->bare() == room->jid;
    mentions.push_back({.name = nick.empty() && jid ? jid->local : nick,
                        .jid = is_hidden ? room->jid + "/" + nick
                               : jid     ? jid->full()
                                         : id});
  }
  return self->say(conversation_id, "message_send_text",
                   [&](Element& message) { write_text(message, text, mentions); });
}

std::string PuppetXmpp::do_message_send_file(std::string_view conversation_id,
                                             const FileBox& file) {
  const auto self = account("message_send_file");
  const Uploads::Stored stored = self->uploads.store(file, self->stop_token());
  return self->say(conversation_id, "message_send_file",
                   [&](Element& message) { write_file(message, file, stored.url, stored.size); });
}

std::string PuppetXmpp::do_message_send_contact(std::string_view conversation_id,
                                                std::string_view contact_id) {
  const auto self = account("message_send_contact");
  const std::string jid = bare_jid(contact_id);
  if (jid.empty() || jid.find('@') == std::string::npos) {
    throw NotFoundError{"message_send_contact: no contact \"" + std::string{contact_id} + "\""};
  }
  const auto item = self->roster.find(jid);
  return self->say(conversation_id, "message_send_contact", [&](Element& message) {
    write_contact(message, jid, item ? item->name : std::string{});
  });
}

std::string PuppetXmpp::do_message_send_url(std::string_view conversation_id,
                                            const UrlLinkPayload& link) {
  return account("message_send_url")
      ->say(conversation_id, "message_send_url",
            [&](Element& message) { write_link(message, link); });
}

std::string PuppetXmpp::do_message_send_location(std::string_view conversation_id,
                                                 const LocationPayload& location) {
  return account("message_send_location")
      ->say(conversation_id, "message_send_location",
            [&](Element& message) { write_location(message, location); });
}

std::string PuppetXmpp::do_message_forward(std::string_view conversation_id,
                                           std::string_view message_id) {
  const auto self = account("message_forward");
  const auto original = self->fetch(message_id);
  return self->say(conversation_id, "message_forward", [&](Element& message) {
    if (copy_content(message, original->stanza)) return;
    throw NotFoundError{"message_forward: message \"" + std::string{message_id} +
                        "\" was taken back"};
  });
}

bool PuppetXmpp::do_message_recall(std::string_view id) {
  const auto self = account("message_recall");
  return self->recall(*self->fetch(id));
}

MessagePayload PuppetXmpp::do_message_payload(std::string_view id) {
  return account("message_payload")->fetch(id)->payload;
}

namespace {

/// A part of the content that a message must have.
template <class T>
T part_of(const StoredMessage& message, const std::optional<T> Content::*part,
          std::string_view what) {
  const auto content = read_content(message.stanza);
  if (content && (*content).*part) return *((*content).*part);
  throw NotFoundError{"message \"" + message.payload.id + "\" has no " + std::string{what}};
}

}  // namespace

FileBox PuppetXmpp::do_message_file(std::string_view id) {
  const auto self = account("message_file");
  const auto file = part_of<Content::File>(*self->fetch(id), &Content::file, "file");
  HttpFile fetched = self->uploads.fetch(file.url, self->stop_token());
  const std::string name = !file.name.empty() ? file.name : fetched.name;
  return conventional(FileBox::from_buffer(fetched.bytes, name.empty() ? "file" : name),
                      file.media_type);
}

FileBox PuppetXmpp::do_message_image(std::string_view id, ImageType /*type*/) {
  return do_message_file(id);  // there is one size only
}

UrlLinkPayload PuppetXmpp::do_message_url(std::string_view id) {
  return part_of<UrlLinkPayload>(*account("message_url")->fetch(id), &Content::link, "link");
}

LocationPayload PuppetXmpp::do_message_location(std::string_view id) {
  return part_of<LocationPayload>(*account("message_location")->fetch(id), &Content::location,
                                  "location");
}

std::string PuppetXmpp::do_message_contact(std::string_view id) {
  const auto message = account("message_contact")->fetch(id);
  const auto content = read_content(message->stanza);
  if (content && !content->contact.empty()) return content->contact;
  throw NotFoundError{"message \"" + std::string{id} + "\" has no contact card"};
}

void PuppetXmpp::do_set_conversation_read_mark(std::string_view conversation_id, bool has_read) {
  if (!has_read) throw UnsupportedError{"XMPP cannot mark a conversation as unread"};
  account("set_conversation_read_mark")->mark_read(conversation_id);
}

}  // namespace wechaty::puppet_xmpp
