// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/event_call.hpp"

#include <utility>

namespace wechaty::puppet_service {

EventCall::EventCall(grpc::CallbackServerContext& context, ServerState& server, Account& account)
    : Call{context},
      account_{account},
      peer_{context.peer()},
      max_events_{server.options.limits.stream_events},
      max_bytes_{server.options.limits.stream_bytes} {}

void EventCall::begin() {
  account_.events().open(std::static_pointer_cast<EventCall>(shared_from_this()));
}

bool EventCall::begin(OutEvents events) {
  const std::lock_guard lock{mutex_};
  if (closed_) return false;
  head_start_ = events.size();
  queue_ = std::move(events);
  write_next();
  return true;
}

EventSink::Push EventCall::push(const OutEventPtr& event) {
  const std::lock_guard lock{mutex_};
  if (closed_) return Push::refused;
  // What was there at the beginning has its own limit, the journal's.
  if (queue_.size() >= max_events_ + head_start_ || bytes_ + event->size > max_bytes_) {
    return Push::too_slow;
  }
  queue_.push_back(event);
  bytes_ += event->size;
  if (!in_flight_) write_next();
  return Push::taken;
}

/// Whether gRPC may keep an event until the next one, so that both go out at once: while another
/// one waits. The lock is held.
///
/// Never the first of a stream, which takes the headers along, and no more than fits well into
/// gRPC's buffer of 64 KiB: with either, gRPC 1.51 sent nothing ever after
/// (ServerStreams.SlowReaderIsCutAndWhatItMissedGoesToTheNext).
bool EventCall::may_wait(const OutEvent& event) {
  constexpr std::size_t most = 16 * 1024;
  const bool may =
      std::exchange(has_begun_, true) && !queue_.empty() && waiting_bytes_ + event.size <= most;
  waiting_bytes_ = may ? waiting_bytes_ + event.size : 0;
  return may;
}

/// Writes the first of the queue. The lock is held and nothing is in flight.
void EventCall::write_next() {
  if (queue_.empty()) return;
  in_flight_ = std::move(queue_.front());
  queue_.pop_front();
  if (head_start_ > 0) {
    --head_start_;
  } else {
    bytes_ -= in_flight_->size;
  }
  grpc::WriteOptions options;
  if (may_wait(*in_flight_)) options.set_buffer_hint();
  unless_ended([&] { StartWrite(&in_flight_->bytes, options); });
}

void EventCall::OnWriteDone(bool ok) {
  std::optional<grpc::Status> last;
  {
    const std::lock_guard lock{mutex_};
    if (!ok) return;  // what is in flight has not been sent; OnCancel says the rest
    in_flight_.reset();
    write_next();
    if (!in_flight_) last = finish_;
  }
  if (last) end(*last);
}

void EventCall::finish(const grpc::Status& status) {
  {
    const std::lock_guard lock{mutex_};
    if (closed_) return;
    closed_ = true;
    finish_ = status;
    if (in_flight_) return;
  }
  end(status);
}

OutEvents EventCall::take_unsent() {
  const std::lock_guard lock{mutex_};
  closed_ = true;
  OutEvents unsent = std::exchange(queue_, {});
  if (in_flight_) unsent.push_front(in_flight_);
  return unsent;
}

OutEvents EventCall::abandon() {
  OutEvents unsent = take_unsent();
  cut();
  return unsent;
}

void EventCall::on_end() { account_.events().closed(*this, take_unsent()); }

}  // namespace wechaty::puppet_service
