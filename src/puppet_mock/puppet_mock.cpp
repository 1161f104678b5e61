// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_mock/puppet_mock.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <type_traits>
#include <utility>

#include "puppet_mock/script_player.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads

namespace {

/// The scans before the first login are for somebody without a session.
Script without_first_scans(const Script& script) {
  Script rest;
  bool before_login = true;
  for (const ScriptStep& step : script) {
    if (std::holds_alternative<ScriptLogin>(step.action)) before_login = false;
    if (before_login && std::holds_alternative<EventScanPayload>(step.action)) continue;
    rest.push_back(step);
  }
  return rest;
}

}  // namespace

PuppetMock::PuppetMock(std::shared_ptr<World> world, PuppetOptions options)
    : Puppet{std::move(options)}, world_{std::move(world)} {
  if (!world_) throw InvalidArgumentError{"PuppetMock: no world"};
}

PuppetMock::~PuppetMock() { stop(); }

void PuppetMock::do_start() {
  static_cast<void>(hit("start"));
  heartbeat_every(std::chrono::seconds{15});
  Script script = world_->script();
  if (script.empty()) {
    script = {{.action = ScriptLogin{world_->self()}}, {.action = EventReadyPayload{}}};
  }
  if (memory().has("session")) script = without_first_scans(script);
  player_ = std::make_shared<ScriptPlayer>(std::move(script), executor(),
                                           [this](const ScriptAction& action) {
                                             try {
                                               act(action);
                                             } catch (...) {
                                               report_error(std::current_exception());
                                             }
                                           });
  player_->play();
}

void PuppetMock::do_stop() {
  static_cast<void>(hit("stop"));
  if (player_) player_->end();
  player_.reset();
  go_offline();
}

void PuppetMock::do_logout(std::string_view /*reason*/) {
  static_cast<void>(hit("logout"));
  go_offline();
}

void PuppetMock::do_ding(std::string_view data) {
  static_cast<void>(hit("ding"));
  report(EventDongPayload{.data = std::string{data}});
}

std::optional<Fault> PuppetMock::hit(std::string_view hook) {
  const auto fault = world_->take_fault(hook);
  if (!fault) return std::nullopt;
  if (fault->kind == Fault::Kind::fail) throw Error{std::string{hook} + ": " + fault->error};
  if (fault->kind == Fault::Kind::late) wait(hook, fault->delay);
  return fault;
}

/// Takes its time, or ends with a CancelledError when the puppet is stopped.
void PuppetMock::wait(std::string_view hook, std::chrono::milliseconds delay) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock{mutex};
  const auto stop = stop_token();
  never.wait_for(lock, stop, delay, [] { return false; });
  if (stop.stop_requested()) throw CancelledError{std::string{hook} + ": the puppet was stopped"};
}

// --- online and offline ----------------------------------------------------------------------

std::string PuppetMock::self() {
  const std::lock_guard lock{mutex_};
  return account_;
}

void PuppetMock::come_online(std::string_view user_id) {
  go_offline();
  const auto connection = world_->connect(user_id, [this](const News& news) { hear(news); });
  const std::lock_guard lock{mutex_};
  account_ = user_id;
  connection_ = connection;
}

void PuppetMock::go_offline() {
  std::optional<std::uint64_t> connection;
  {
    const std::lock_guard lock{mutex_};
    connection = std::exchange(connection_, std::nullopt);
  }
  if (connection) world_->disconnect(*connection);
}

void PuppetMock::hear(const News& news) {
  std::visit(
      [this](const auto& what) {
        using T = std::remove_cvref_t<decltype(what)>;
        if constexpr (std::is_same_v<T, MessagePayload> || std::is_same_v<T, FriendshipPayload> ||
                      std::is_same_v<T, RoomInvitationPayload>) {
          receive(what);
        } else {
          if constexpr (std::is_same_v<T, EventRoomJoinPayload> ||
                        std::is_same_v<T, EventRoomLeavePayload>) {
            report(EventDirtyPayload{.payload_type = DirtyType::room, .payload_id = what.room_id});
            report(EventDirtyPayload{.payload_type = DirtyType::room_member,
                                     .payload_id = what.room_id});
          } else if constexpr (std::is_same_v<T, EventRoomTopicPayload>) {
            report(EventDirtyPayload{.payload_type = DirtyType::room, .payload_id = what.room_id});
          }
          report(what);
        }
      },
      news);
}

void PuppetMock::accept(std::string_view user_id) {
  come_online(user_id);
  memory().set("session", user_id);
  login(user_id);
}

void PuppetMock::kick(std::string_view reason) {
  go_offline();
  logged_out(reason);
}

// --- the script ------------------------------------------------------------------------------

void PuppetMock::act(const ScriptAction& action) {
  std::visit(
      [this](const auto& what) {
        using T = std::remove_cvref_t<decltype(what)>;
        if constexpr (std::is_same_v<T, ScriptLogin>) {
          accept(what.user_id);
        } else if constexpr (std::is_same_v<T, ScriptLogout>) {
          kick(what.reason);
        } else if constexpr (std::is_same_v<T, ScriptMessage>) {
          world_->say(what.from, what.conversation, what.content, what.id);
        } else if constexpr (std::is_same_v<T, FriendshipPayload>) {
          world_->befriend(what, world_->self());
        } else if constexpr (std::is_same_v<T, RoomInvitationPayload>) {
          world_->invite(what);
        } else if constexpr (std::is_same_v<T, ScriptRoomTopic>) {
          world_->set_topic(what.room, what.topic, what.by);
        } else if constexpr (std::is_same_v<T, ScriptRoomJoin>) {
          world_->join(what.room, what.invitees, what.by);
        } else if constexpr (std::is_same_v<T, ScriptRoomLeave>) {
          world_->leave(what.room, what.removees, what.by);
        } else if constexpr (std::is_same_v<T, ScriptRecall>) {
          if (!world_->recall(what.by, what.message)) {
            throw InvalidArgumentError{"\"" + what.by + "\" cannot recall message \"" +
                                       what.message + "\""};
          }
        } else if constexpr (std::is_same_v<T, ScriptError>) {
          report_error(std::make_exception_ptr(Error{what.text}));
        } else if constexpr (std::is_same_v<T, Fault>) {
          world_->add_fault(what);
        } else {
          report(what);
        }
      },
      action);
}

// --- sending ---------------------------------------------------------------------------------

std::string PuppetMock::send(std::string_view hook, std::string_view conversation_id,
                             SayablePayload what) {
  const auto fault = hit(hook);
  const std::string account = self();
  const std::string id =
      world_->say(account, conversation_id, std::move(what), std::nullopt, account);
  if (!fault) return id;
  if (fault->kind == Fault::Kind::no_id) return {};
  const bool early =
      fault->kind == Fault::Kind::echo_early || fault->kind == Fault::Kind::echo_twice;
  const bool late = fault->kind == Fault::Kind::echo_late || fault->kind == Fault::Kind::echo_twice;
  if (early) {
    world_->echo(id, account, fault->bare);
    wait(hook, fault->delay);
  }
  if (late) {
    world_->owe_echo();
    executor().call_at(executor().now() + fault->delay,
                       [world = world_, id, account, bare = fault->bare] {
                         world->echo(id, account, bare);
                         world->pay_echo();
                       });
  }
  return id;
}

std::string PuppetMock::do_message_send_text(std::string_view conversation_id,
                                             std::string_view text,
                                             const MessageSendOptions& options) {
  return send("message_send_text", conversation_id,
              {SayableText{std::string{text}, options.mention_id_list}});
}
std::string PuppetMock::do_message_send_file(std::string_view conversation_id,
                                             const FileBox& file) {
  return send("message_send_file", conversation_id,
              {SayableFile{.type = MessageType::unknown, .file = file}});
}
std::string PuppetMock::do_message_send_contact(std::string_view conversation_id,
                                                std::string_view contact_id) {
  static_cast<void>(world_->person(contact_id));  // a card of nobody is refused
  return send("message_send_contact", conversation_id, {SayableContact{std::string{contact_id}}});
}
std::string PuppetMock::do_message_send_url(std::string_view conversation_id,
                                            const UrlLinkPayload& link) {
  return send("message_send_url", conversation_id, {link});
}
std::string PuppetMock::do_message_send_mini_program(std::string_view conversation_id,
                                                     const MiniProgramPayload& mini_program) {
  return send("message_send_mini_program", conversation_id, {mini_program});
}
std::string PuppetMock::do_message_send_location(std::string_view conversation_id,
                                                 const LocationPayload& location) {
  return send("message_send_location", conversation_id, {location});
}
std::string PuppetMock::do_message_send_post(std::string_view conversation_id,
                                             const PostPayload& post) {
  return send("message_send_post", conversation_id, {post});
}
std::string PuppetMock::do_message_forward(std::string_view conversation_id, std::string_view id) {
  return send("message_forward", conversation_id, world_->message(id).content);
}

bool PuppetMock::do_message_recall(std::string_view id) {
  static_cast<void>(hit("message_recall"));
  return world_->recall(self(), id);
}

}  // namespace wechaty::puppet_mock
