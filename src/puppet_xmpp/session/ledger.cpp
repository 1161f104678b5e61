// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/ledger.hpp"

#include <algorithm>
#include <utility>

namespace wechaty::puppet_xmpp {

namespace {
constexpr const char* time_mark = " time";  // no address holds a blank
}

bool Ring::insert(std::string_view text) {
  if (!set_.emplace(text).second) return false;
  order_.emplace_back(text);
  if (order_.size() > capacity_) {
    set_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

void Ledger::restore(std::map<std::string, std::string, std::less<>> positions,
                     const std::deque<std::string>& seen) {
  const std::lock_guard lock{mutex_};
  positions_ = std::move(positions);
  for (const auto& id : seen) {
    static_cast<void>(seen_.insert(id));
    static_cast<void>(settled_seen_.insert(id));
  }
}

void Ledger::new_session() {
  const std::lock_guard lock{mutex_};
  ++session_;
  for (Unit& unit : units_) unit.number.reset();
  held_.clear();
  handled_ = 0;
}

void Ledger::resumed_at(std::uint32_t number) {
  const std::lock_guard lock{mutex_};
  handled_ = number;
}

bool Ledger::is_new(std::string_view message_id) {
  const std::lock_guard lock{mutex_};
  return seen_.insert(message_id);
}

void Ledger::reported(std::string_view message_id, std::optional<std::uint32_t> number,
                      std::optional<Position> position) {
  const std::lock_guard lock{mutex_};
  Unit unit{.message_id = std::string{message_id}, .number = number, .positions = {}};
  if (position && !is_kept(*position)) {
    std::string archive = position->archive;
    unit.positions.emplace(std::move(archive), *std::move(position));
  }
  units_.push_back(std::move(unit));
}

void Ledger::passed(Position position) {
  const std::lock_guard lock{mutex_};
  if (is_kept(position)) return;
  if (units_.empty()) {
    move_to(position);
  } else {
    std::string archive = position.archive;
    units_.back().positions.insert_or_assign(std::move(archive), std::move(position));
  }
}

void Ledger::keep_position(const std::string& archive) {
  const std::lock_guard lock{mutex_};
  kept_.insert(archive);
}

void Ledger::move_position(const std::string& archive) {
  const std::lock_guard lock{mutex_};
  kept_.erase(archive);
}

void Ledger::hold(std::uint32_t number) {
  const std::lock_guard lock{mutex_};
  held_.insert(number);
}

void Ledger::release(std::uint32_t number) {
  const std::lock_guard lock{mutex_};
  if (const auto found = held_.find(number); found != held_.end()) held_.erase(found);
}

void Ledger::handled(std::uint32_t number) {
  const std::lock_guard lock{mutex_};
  handled_ = number;
}

void Ledger::move_to(const Position& position) {
  positions_[position.archive] = position.id;
  if (!position.time.empty()) positions_[position.archive + time_mark] = position.time;
}

void Ledger::settle_first() {
  const Unit& unit = units_.front();
  for (const auto& [archive, position] : unit.positions) move_to(position);
  static_cast<void>(settled_seen_.insert(unit.message_id));
  units_.pop_front();
}

void Ledger::delivered(std::string_view message_id) {
  std::unique_lock lock{mutex_};
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&](const Unit& unit) { return unit.message_id == message_id; });
  if (found == units_.end()) return;  // a message of the bot's own
  const auto count = found - units_.begin() + 1;
  for (auto i = 0; i < count; ++i) settle_first();
  lock.unlock();
  delivered_.notify_all();
}

bool Ledger::wait_for_listeners(std::size_t most, std::chrono::milliseconds limit,
                                const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  return delivered_.wait_for(lock, stop, limit, [&] { return units_.size() <= most; });
}

void Ledger::settle_all() {
  const std::lock_guard lock{mutex_};
  while (!units_.empty()) settle_first();
}

Ledger::Settled Ledger::settled() const {
  const std::lock_guard lock{mutex_};
  // Numbers wrap at 2^32, so they are compared by their distance from the last one.
  std::uint32_t behind = 0;
  const auto wait_for = [&](std::uint32_t number) {
    behind = std::max(behind, handled_ - number + 1);
  };
  for (const Unit& unit : units_) {
    if (unit.number) wait_for(*unit.number);
  }
  for (const std::uint32_t number : held_) wait_for(number);
  return {
      .session = session_,
      .received = handled_ - behind,
      .is_all_of_session = std::all_of(units_.begin(), units_.end(),
                                       [](const Unit& unit) { return unit.number.has_value(); }),
      .positions = positions_,
      .seen = settled_seen_.items()};
}

Ledger::Position Ledger::position(std::string_view archive) const {
  const std::lock_guard lock{mutex_};
  const auto value = [&](const std::string& key) {
    const auto found = positions_.find(key);
    return found == positions_.end() ? std::string{} : found->second;
  };
  const std::string name{archive};
  return {.archive = name, .id = value(name), .time = value(name + time_mark)};
}

}  // namespace wechaty::puppet_xmpp
