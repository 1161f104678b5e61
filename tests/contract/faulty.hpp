// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "contract/subject.hpp"
#include "wechaty/puppet.hpp"

namespace wechaty::puppet::test {

/// What is to go wrong in the next calls of hooks; the tests of the contract ask for it.
///
/// Thread: any.
class Faults {
 public:
  enum class Kind { fail, delay, no_id, echo_early, echo_late, echo_twice };
  struct Fault {
    std::string hook;
    Kind kind = Kind::fail;
    std::chrono::milliseconds delay{0};
    bool bare = false;
  };

  void add(Fault fault) {
    const std::lock_guard lock{mutex_};
    faults_.push_back(std::move(fault));
  }
  std::optional<Fault> take(std::string_view hook) {
    const std::lock_guard lock{mutex_};
    for (auto i = faults_.begin(); i != faults_.end(); ++i) {
      if (i->hook != hook) continue;
      Fault fault = std::move(*i);
      faults_.erase(i);
      return fault;
    }
    return std::nullopt;
  }
  [[nodiscard]] bool any() const {
    const std::lock_guard lock{mutex_};
    return !faults_.empty();
  }
  void add_echo(const std::string& hook, Subject::Echo echo, bool bare) {
    if (echo == Subject::Echo::none) return;
    add({.hook = hook,
         .kind = echo == Subject::Echo::early  ? Kind::echo_early
                 : echo == Subject::Echo::late ? Kind::echo_late
                                               : Kind::echo_twice,
         .bare = bare});
  }
  void forget_message(const std::string& id) {
    const std::lock_guard lock{mutex_};
    forgotten_.insert(id);
  }
  [[nodiscard]] bool is_forgotten(std::string_view id) const {
    const std::lock_guard lock{mutex_};
    return forgotten_.contains(std::string{id});
  }

 private:
  mutable std::mutex mutex_;  // guards everything below
  std::list<Fault> faults_;
  std::set<std::string> forgotten_;
};

/// A puppet whose hooks fail, take longer, or are echoed as a test wants: for a network that does
/// not do so on request.
///
/// Base has the hooks below, and a destructor that calls stop().
template <class Base>
class Faulty final : public Base {
 public:
  template <class... Arguments>
  explicit Faulty(std::shared_ptr<Faults> faults, Arguments&&... arguments)
      : Base{std::forward<Arguments>(arguments)...}, faults_{std::move(faults)} {}
  ~Faulty() override { this->stop(); }

 protected:
  void do_start() override {
    const auto after = hit("start");
    wait(after);
    Base::do_start();
  }
  void do_stop() override {
    Base::do_stop();
    static_cast<void>(hit("stop"));
  }
  void do_logout(std::string_view reason) override {
    const auto after = faults_->take("logout");
    wait(after);
    Base::do_logout(reason);
    if (after && after->kind == Faults::Kind::fail) throw Error{"logout: on request"};
  }
  ContactPayload do_contact_payload(std::string_view id) override {
    const auto after = hit("contact_payload");
    auto payload = Base::do_contact_payload(id);
    wait(after);  // the answer is on its way
    return payload;
  }
  RoomMemberPayload do_room_member_payload(std::string_view room, std::string_view id) override {
    static_cast<void>(hit("room_member_payload"));
    return Base::do_room_member_payload(room, id);
  }
  MessagePayload do_message_payload(std::string_view id) override {
    if (faults_->is_forgotten(id)) throw NotFoundError{"forgotten: " + std::string{id}};
    return Base::do_message_payload(id);
  }
  FileBox do_message_file(std::string_view id) override {
    if (faults_->is_forgotten(id)) throw NotFoundError{"forgotten: " + std::string{id}};
    return Base::do_message_file(id);
  }
  std::string do_message_send_text(std::string_view to, std::string_view text,
                                   const MessageSendOptions& options) override {
    const auto after = hit("message_send_text");
    const std::string id = Base::do_message_send_text(to, text, options);
    if (!after) return id;
    if (after->kind == Faults::Kind::no_id) return {};
    if (after->kind == Faults::Kind::delay) wait(after);
    const bool twice = after->kind == Faults::Kind::echo_twice;
    if (after->kind == Faults::Kind::echo_early || twice) echo(*after, id, to, text);
    if (after->kind == Faults::Kind::echo_late || twice) {
      this->executor().post([this, fault = *after, id, to = std::string{to},
                             text = std::string{text}] { echo(fault, id, to, text); });
    }
    return id;
  }

 private:
  std::optional<Faults::Fault> hit(std::string_view hook) {
    auto fault = faults_->take(hook);
    if (fault && fault->kind == Faults::Kind::fail) {
      throw Error{std::string{hook} + ": on request"};
    }
    return fault;
  }
  /// Takes its time, or ends with a CancelledError when the puppet is stopped.
  void wait(const std::optional<Faults::Fault>& fault) {
    if (!fault || fault->kind != Faults::Kind::delay) return;
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    const auto stop = this->stop_token();
    never.wait_for(lock, stop, fault->delay, [] { return false; });
    if (stop.stop_requested()) throw CancelledError{"the puppet was stopped"};
  }
  /// As a server that sends the own messages back, which those of XMPP do in rooms only.
  void echo(const Faults::Fault& fault, const std::string& id, std::string_view to,
            std::string_view text) {
    if (fault.bare) {
      this->report(EventMessagePayload{.message_id = id});
    } else {
      this->receive(MessagePayload{.id = id,
                                   .talker_id = this->current_user_id(),
                                   .type = MessageType::text,
                                   .text = std::string{text},
                                   .listener_id = std::string{to}});
    }
  }

  const std::shared_ptr<Faults> faults_;
};

}  // namespace wechaty::puppet::test
