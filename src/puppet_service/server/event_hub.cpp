// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/event_hub.hpp"

#include <algorithm>
#include <utility>

#include "puppet_service/wire/bytes.hpp"
#include "puppet_service/wire/events.hpp"

namespace wechaty::puppet_service {

using namespace puppet;

namespace {

/// The reason with which stop() ends a session that it keeps (contract R3).
constexpr std::string_view stop_reason = "puppet stop()";
/// How long a client may take to answer a LOGOUT event with a Logout call.
constexpr std::chrono::seconds echo_time{3};
constexpr std::size_t max_echoes = 256;

OutEventPtr make(const EventPayload& event) {
  auto message = write_event(event);
  if (!message) return nullptr;
  auto out = std::make_shared<OutEvent>();
  out->type = message->type();
  out->bytes = serialize(*message);
  out->size = out->bytes.Length();
  if (out->type == pb::EVENT_TYPE_DIRTY) out->payload = std::move(*message->mutable_payload());
  return out;
}

OutEventPtr heartbeat(std::string data) { return make(EventHeartbeatPayload{std::move(data)}); }

/// Whether somebody still has to scan after this event.
bool is_pending(ScanStatus status) {
  return status == ScanStatus::waiting || status == ScanStatus::scanned ||
         status == ScanStatus::unknown;
}

}  // namespace

template <class E>
void EventHub::listen() {
  subscriptions_.push_back(puppet_.on<E>([this](const E& event) { deliver(event); }));
}

EventHub::EventHub(Puppet& puppet, Options options)
    : puppet_{puppet}, options_{options}, journal_{options.journal_events, options.journal_bytes} {
  listen<EventDirtyPayload>();
  listen<EventDongPayload>();
  listen<EventErrorPayload>();
  listen<EventFriendshipPayload>();
  listen<EventHeartbeatPayload>();
  listen<EventLoginPayload>();
  listen<EventLogoutPayload>();
  listen<EventMessagePayload>();
  listen<EventPostPayload>();
  listen<EventReadyPayload>();
  listen<EventRoomInvitePayload>();
  listen<EventRoomJoinPayload>();
  listen<EventRoomLeavePayload>();
  listen<EventRoomTopicPayload>();
  listen<EventScanPayload>();
  listen<EventStopPayload>();
  read_state();
}

EventHub::~EventHub() { subscriptions_.clear(); }

/// What the puppet had come to before there was a hub, unless an event has told it meanwhile.
void EventHub::read_state() {
  const std::lock_guard lock{mutex_};
  if (state_seen_) return;
  try {
    if (puppet_.is_logged_in()) {
      account_ = puppet_.current_user_id();
      last_account_ = *account_;
      if (puppet_.is_ready()) ready_ = make(EventReadyPayload{.data = "ready"});
    } else if (const auto code = puppet_.auth_qr_code()) {
      scan_ = make(EventScanPayload{.status = ScanStatus::waiting, .qrcode = code});
    }
  } catch (const NotLoggedInError&) {
    // It has ended between the two questions; the event that says so comes next.
  }
}

/// Keeps the state that a new stream is told. The lock is held.
void EventHub::note(const EventPayload& event) {
  if (const auto* login = std::get_if<EventLoginPayload>(&event)) {
    if (!last_account_.empty() && last_account_ != login->contact_id) journal_.clear();
    account_ = login->contact_id;
    last_account_ = login->contact_id;
    ready_.reset();
    scan_.reset();
    logout_.reset();
    missed_logout_.reset();
    state_seen_ = true;
  } else if (std::holds_alternative<EventLogoutPayload>(event)) {
    account_.reset();
    ready_.reset();
    scan_.reset();
    state_seen_ = true;
  } else if (std::holds_alternative<EventStopPayload>(event)) {
    scan_.reset();
    state_seen_ = true;
  } else if (std::holds_alternative<EventHeartbeatPayload>(event)) {
    alive_at_ = Clock::now();
  }
}

void EventHub::deliver(const EventPayload& event) {
  const OutEventPtr out = make(event);
  const std::lock_guard lock{mutex_};
  const bool was_logged_in = account_.has_value();
  note(event);
  if (!out) return;
  if (const auto* scan = std::get_if<EventScanPayload>(&event)) {
    state_seen_ = true;
    scan_ = is_pending(scan->status) ? std::optional{out} : std::nullopt;
  } else if (std::holds_alternative<EventReadyPayload>(event)) {
    ready_ = out;
    state_seen_ = true;
  } else if (const auto* logout = std::get_if<EventLogoutPayload>(&event)) {
    if (!was_logged_in) return;  // only a real change is told
    const bool for_good = logout->data != stop_reason;
    if (for_good) journal_.clear();
    logout_ = for_good ? std::optional{out} : std::nullopt;
    if (!send(out)) missed_logout_ = logout_;
    return;
  }
  send(out);
  if (std::holds_alternative<EventLoginPayload>(event)) send_journal();
}

/// Whether somebody has taken it. The lock is held.
bool EventHub::send(const OutEventPtr& event) {
  if (event->type == pb::EVENT_TYPE_HEARTBEAT) heartbeat_sent_at_ = Clock::now();
  bool taken = false;
  event->number = ++last_number_;
  std::vector<std::shared_ptr<EventSink>> slow;
  for (const auto& [sink, since] : sinks_) {
    switch (sink->push(event)) {
      case EventSink::Push::taken:
        taken = true;
        heard(sink->peer(), event->type);
        break;
      case EventSink::Push::refused: break;
      case EventSink::Push::too_slow: slow.push_back(sink); break;
    }
  }
  for (const auto& sink : slow) {
    std::erase_if(sinks_, [&](const auto& listening) { return listening.sink == sink; });
    hand_over(sink->abandon());
  }
  if (!taken) journal_.add(event);
  return taken;
}

/// What a stream had taken and did not send: what no other stream has goes to the newest, or is
/// kept for the next. The lock is held.
void EventHub::hand_over(const OutEvents& unsent) {
  OutEvents untold;
  for (const auto& event : unsent) {
    const bool told = std::any_of(sinks_.begin(), sinks_.end(), [&](const Listening& listening) {
      return event->number > listening.since;
    });
    if (!told) untold.push_back(event);
  }
  const bool logout = logout_ && std::find(untold.begin(), untold.end(), *logout_) != untold.end();
  if (sinks_.empty()) {
    journal_.put_back(untold);
    if (logout && !account_) missed_logout_ = logout_;
    return;
  }
  EventSink& newest = *sinks_.back().sink;
  if (logout && !account_ && newest.push(*logout_) == EventSink::Push::taken) {
    heard(newest.peer(), pb::EVENT_TYPE_LOGOUT);
  }
  for (const auto& event : untold) {
    if (!EventJournal::keeps(event->type)) continue;
    if (newest.push(event) != EventSink::Push::taken) journal_.add(event);
  }
}

/// What was missed before this login, now that its event is out. The lock is held.
void EventHub::send_journal() {
  if (sinks_.empty()) return;
  for (const auto& event : journal_.take()) send(event);
}

/// The lock is held.
void EventHub::heard(std::string_view peer, pb::EventType type) {
  if (type != pb::EVENT_TYPE_LOGOUT) return;
  if (logouts_.size() >= max_echoes) logouts_.erase(logouts_.begin());
  logouts_.push_back({std::string{peer}, Clock::now()});
}

void EventHub::open(const std::shared_ptr<EventSink>& sink) {
  const std::lock_guard lock{mutex_};
  OutEvents events{heartbeat("Wechaty Puppet gRPC stream connect successfully")};
  if (account_) {
    events.push_back(make(EventLoginPayload{*account_}));
    if (ready_) events.push_back(*ready_);
  } else {
    if (missed_logout_) events.push_back(*missed_logout_);
    if (scan_) events.push_back(*scan_);
  }
  // What belongs to a session waits for its login (contract R2).
  OutEvents kept = account_ ? journal_.take() : journal_.take_errors();
  for (const auto& event : kept) event->number = 0;  // no other stream has it
  events.insert(events.end(), kept.begin(), kept.end());
  if (!sink->begin(std::move(events))) {
    journal_.put_back(kept);
    return;
  }
  if (missed_logout_ && !account_) heard(sink->peer(), pb::EVENT_TYPE_LOGOUT);
  missed_logout_.reset();
  heartbeat_sent_at_ = Clock::now();
  sinks_.push_back({sink, last_number_});
}

void EventHub::closed(const EventSink& sink, const OutEvents& unsent) {
  const std::lock_guard lock{mutex_};
  const auto erased =
      std::erase_if(sinks_, [&](const auto& listening) { return listening.sink.get() == &sink; });
  if (erased > 0) hand_over(unsent);
}

void EventHub::finish_streams_of(std::string_view peer, const grpc::Status& status) {
  for (const auto& sink : sinks()) {
    if (sink->peer() == peer) sink->finish(status);
  }
}

void EventHub::finish_all(const grpc::Status& status) {
  for (const auto& sink : sinks()) sink->finish(status);
}

std::vector<std::shared_ptr<EventSink>> EventHub::sinks() const {
  const std::lock_guard lock{mutex_};
  std::vector<std::shared_ptr<EventSink>> all;
  for (const auto& listening : sinks_) all.push_back(listening.sink);
  return all;
}

bool EventHub::is_echo_of_logout(std::string_view peer) {
  const std::lock_guard lock{mutex_};
  const auto oldest = Clock::now() - echo_time;
  std::erase_if(logouts_, [&](const LogoutSent& sent) { return sent.when < oldest; });
  const auto found = std::find_if(logouts_.begin(), logouts_.end(),
                                  [&](const LogoutSent& sent) { return sent.peer == peer; });
  if (found == logouts_.end()) return false;
  logouts_.erase(found);
  return true;
}

/// The lock is held.
bool EventHub::is_well(Clock::time_point now) const {
  return puppet_.state() == Puppet::State::started && alive_at_ &&
         now - *alive_at_ < options_.health_timeout;
}

void EventHub::beat() {
  const std::lock_guard lock{mutex_};
  if (!sinks_.empty()) send(heartbeat("gateway"));
}

void EventHub::tick() {
  const std::lock_guard lock{mutex_};
  const auto now = Clock::now();
  if (sinks_.empty() || now - heartbeat_sent_at_ < options_.heartbeat_interval) return;
  if (is_well(now)) send(heartbeat("gateway"));
}

EventHub::Health EventHub::health() const {
  const std::lock_guard lock{mutex_};
  if (!alive_at_) return Health::unknown;
  return Clock::now() - *alive_at_ < options_.health_timeout ? Health::serving
                                                             : Health::not_serving;
}

}  // namespace wechaty::puppet_service
