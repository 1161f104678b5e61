// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/session.hpp"

#include <type_traits>
#include <utility>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet {

namespace {

template <class E, class... Es>
constexpr bool is_one_of = (std::is_same_v<E, Es> || ...);

/// Events that belong to a login session and wait for it (contract R2.3).
bool waits_for_login(const EventPayload& event) {
  return std::visit(
      [](const auto& payload) {
        using E = std::remove_cvref_t<decltype(payload)>;
        return is_one_of<E, EventMessagePayload, EventFriendshipPayload, EventRoomInvitePayload,
                         EventRoomJoinPayload, EventRoomLeavePayload, EventRoomTopicPayload,
                         EventRoomAnnouncePayload, EventPostPayload>;
      },
      event);
}

}  // namespace

Session::Session(std::shared_ptr<Strand> strand, std::size_t hold_limit)
    : strand_{std::move(strand)}, hold_limit_{hold_limit} {}

void Session::set_accepting(bool accepting) {
  const std::lock_guard lock{mutex_};
  accepting_ = accepting;
  if (accepting) return;
  held_.clear();
  held_ready_.reset();
  overflow_ = 0;
  ready_ = false;
  auth_qr_code_.reset();
}

Session::Verdict Session::report(Delivery delivery) {
  const std::lock_guard lock{mutex_};
  return report_locked(std::move(delivery));
}

Session::Verdict Session::report_in(Number session, Delivery delivery) {
  const std::lock_guard lock{mutex_};
  if (phase_ == Phase::offline || session != session_) return Verdict::dropped;
  return report_locked(std::move(delivery));
}

Session::Verdict Session::report_locked(Delivery delivery) {
  if (!accepting_) return Verdict::dropped;
  if (std::holds_alternative<EventScanPayload>(delivery.event)) {
    if (phase_ != Phase::offline) return Verdict::dropped;
    push_scan(std::move(delivery));
    return Verdict::queued;
  }
  if (std::holds_alternative<EventReadyPayload>(delivery.event)) {
    if (std::exchange(ready_reported_, true)) return Verdict::dropped;
    if (phase_ != Phase::online) {
      held_ready_ = std::move(delivery);
      return Verdict::held;
    }
    push_ready(std::move(delivery));
    return Verdict::queued;
  }
  if (phase_ != Phase::online && waits_for_login(delivery.event)) return hold(std::move(delivery));
  strand_->push(std::move(delivery));
  return Verdict::queued;
}

Session::Verdict Session::hold(Delivery delivery) {
  if (held_.size() >= hold_limit_) {
    ++overflow_;
    return Verdict::dropped;
  }
  held_.push_back(std::move(delivery));
  return Verdict::held;
}

Strand::Ticket Session::announce(Delivery delivery) {
  const std::lock_guard lock{mutex_};
  return strand_->push(std::move(delivery));
}

Strand::Ticket Session::push_ready(Delivery delivery) {
  delivery.before = [this, then = std::move(delivery.before)] {
    if (then) then();
    const std::lock_guard lock{mutex_};
    ready_ = true;
  };
  return strand_->push(std::move(delivery));
}

Strand::Ticket Session::push_scan(Delivery delivery) {
  const auto& scan = std::get<EventScanPayload>(delivery.event);
  const bool waiting = scan.status == ScanStatus::waiting || scan.status == ScanStatus::timeout;
  // A status that tells nothing leaves the code alone, as in the original.
  if (scan.status != ScanStatus::unknown) {
    delivery.before = [this, code = waiting ? scan.qrcode : std::nullopt,
                       then = std::move(delivery.before)] {
      if (then) then();
      const std::lock_guard lock{mutex_};
      auth_qr_code_ = code;
    };
  }
  return strand_->push(std::move(delivery));
}

std::optional<Session::Number> Session::begin_login(std::string_view user_id) {
  const std::lock_guard lock{mutex_};
  if (!accepting_) return std::nullopt;
  if (phase_ != Phase::offline) {
    if (user_id_ == user_id) return std::nullopt;
    throw ContractError{"login of \"" + std::string{user_id} + "\" while \"" + user_id_ +
                        "\" is logged in: report its logged_out() first"};
  }
  phase_ = Phase::logging_in;
  user_id_ = user_id;
  return ++session_;
}

void Session::complete_login(Number session, std::function<void()> before) {
  const std::lock_guard lock{mutex_};
  if (phase_ != Phase::logging_in || session != session_) return;
  phase_ = Phase::online;
  strand_->push({.event = EventLoginPayload{.contact_id = user_id_},
                 .before =
                     [this, id = user_id_, then = std::move(before)] {
                       if (then) then();
                       const std::lock_guard guard{mutex_};
                       current_user_id_ = id;
                       auth_qr_code_.reset();
                       ready_ = false;
                     },
                 .after = {}});
  if (held_ready_) push_ready(*std::exchange(held_ready_, std::nullopt));
  for (Delivery& delivery : held_) strand_->push(std::move(delivery));
  held_.clear();
  if (const std::size_t lost = std::exchange(overflow_, 0); lost > 0) {
    strand_->push({.event = error_event(std::to_string(lost) +
                                        " events reported before login did not fit into the hold "
                                        "of " +
                                        std::to_string(hold_limit_) + " and are lost"),
                   .before = {},
                   .after = {}});
  }
}

std::optional<Strand::Ticket> Session::end(std::string_view reason, std::function<void()> after) {
  const std::lock_guard lock{mutex_};
  held_.clear();
  held_ready_.reset();
  overflow_ = 0;
  ready_reported_ = false;
  const Phase phase = std::exchange(phase_, Phase::offline);
  if (phase != Phase::online) return std::nullopt;
  return strand_->push({.event = EventLogoutPayload{.contact_id = std::exchange(user_id_, {}),
                                                    .data = std::string{reason}},
                        .before = {},
                        .after = [this, then = std::move(after)] {
                          {
                            const std::lock_guard guard{mutex_};
                            current_user_id_.reset();
                            auth_qr_code_.reset();
                            ready_ = false;
                          }
                          if (then) then();
                        }});
}

Session::Reported Session::reported() const {
  const std::lock_guard lock{mutex_};
  if (phase_ == Phase::offline) return {};
  return {.session = session_, .user_id = user_id_};
}

std::optional<std::string> Session::current_user_id() const {
  const std::lock_guard lock{mutex_};
  return current_user_id_;
}

bool Session::is_ready() const {
  const std::lock_guard lock{mutex_};
  return ready_;
}

std::optional<std::string> Session::auth_qr_code() const {
  const std::lock_guard lock{mutex_};
  return auth_qr_code_;
}

void Session::forget_ready() {
  const std::lock_guard lock{mutex_};
  ready_ = false;
}

}  // namespace wechaty::puppet
