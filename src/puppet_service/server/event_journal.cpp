// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/event_journal.hpp"

#include <utility>

#include "puppet_service/wire/bytes.hpp"
#include "puppet_service/wire/events.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {

bool EventJournal::keeps(pb::EventType type) {
  switch (type) {
    case pb::EVENT_TYPE_MESSAGE:
    case pb::EVENT_TYPE_POST:
    case pb::EVENT_TYPE_ERROR:
    case pb::EVENT_TYPE_FRIENDSHIP:
    case pb::EVENT_TYPE_ROOM_INVITE:
    case pb::EVENT_TYPE_ROOM_JOIN:
    case pb::EVENT_TYPE_ROOM_LEAVE:
    case pb::EVENT_TYPE_ROOM_TOPIC:
    case pb::EVENT_TYPE_DIRTY: return true;
    default: return false;
  }
}

void EventJournal::add(const OutEventPtr& event) {
  if (!keeps(event->type)) return;
  if (event->type == pb::EVENT_TYPE_DIRTY && !dirty_.insert(event->payload).second) return;
  events_.push_back(event);
  bytes_ += event->size;
  trim();
}

void EventJournal::put_back(const OutEvents& unsent) {
  for (auto event = unsent.rbegin(); event != unsent.rend(); ++event) {
    if (!keeps((*event)->type)) continue;
    if ((*event)->type == pb::EVENT_TYPE_DIRTY && !dirty_.insert((*event)->payload).second)
      continue;
    events_.push_front(*event);
    bytes_ += (*event)->size;
  }
  trim();
}

OutEvents EventJournal::take() {
  OutEvents taken = std::exchange(events_, {});
  const std::size_t lost = std::exchange(lost_, 0);
  bytes_ = 0;
  dirty_.clear();
  if (lost > 0) {
    const auto message = write_event(puppet::error_event(
        std::to_string(lost) +
        " events were lost while no client listened: more than the gateway keeps. "
        "Payloads that a client has cached may be stale"));
    auto gap = std::make_shared<OutEvent>();
    gap->type = message->type();
    gap->bytes = serialize(*message);
    gap->size = gap->bytes.Length();
    taken.push_front(std::move(gap));
  }
  return taken;
}

OutEvents EventJournal::take_errors() {
  OutEvents taken;
  std::erase_if(events_, [&](const OutEventPtr& event) {
    if (event->type != pb::EVENT_TYPE_ERROR) return false;
    bytes_ -= event->size;
    taken.push_back(event);
    return true;
  });
  return taken;
}

void EventJournal::clear() {
  events_.clear();
  bytes_ = 0;
  dirty_.clear();
  lost_ = 0;
}

void EventJournal::forget_front() {
  const OutEvent& oldest = *events_.front();
  bytes_ -= oldest.size;
  if (oldest.type == pb::EVENT_TYPE_DIRTY) dirty_.erase(oldest.payload);
  events_.pop_front();
  ++lost_;
}

void EventJournal::trim() {
  while (!events_.empty() && (events_.size() > max_events_ || bytes_ > max_bytes_)) forget_front();
}

}  // namespace wechaty::puppet_service
