// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "wechaty/puppet/cache/lru_map.hpp"
#include "wechaty/puppet/engine/call_scope.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

/// Payloads by id, each fetched at most once at a time (contract R6).
///
/// - Concurrent misses of one id become one call of `fetch`; all of them get its result or its
///   exception.
/// - drop() during a fetch: what that fetch brings is not stored, and who waits for it gets the
///   result of a fresh one.
/// - Failures are not kept.
/// - A caller may give up (CallScope). `fetch` is asked to end, by the scope that it runs in, when
///   nobody is left who waits for it.
///
/// Entries belong to a group, and groups are what is counted and forgotten (least recently used
/// first). For most payloads the group is the id itself; room members are grouped by room.
///
/// Thread: any. No lock is held while `fetch` runs.
template <class T>
class PayloadCache {
 public:
  using Pointer = std::shared_ptr<const T>;
  using Clock = std::chrono::steady_clock;

  /// @param what      names the payload in errors, e.g. "contact"
  /// @param capacity  the most groups kept, at least 1
  /// @param max_age   how long a fetched payload is believed; pushed ones do not age
  PayloadCache(std::string what, std::size_t capacity, Clock::duration max_age,
               std::function<Clock::time_point()> now = Clock::now)
      : what_{std::move(what)}, max_age_{max_age}, now_{std::move(now)}, groups_{capacity} {}

  /// The payload if it is in the cache; null if not.
  [[nodiscard]] Pointer find(std::string_view group, std::string_view id) {
    const std::lock_guard lock{mutex_};
    return find_locked(group, id);
  }
  [[nodiscard]] Pointer find(std::string_view id) { return find(id, id); }

  /// What is in the cache of many payloads, in the order of `ids`; null where one is not. A search
  /// that looks at everything is no use of each: it does not change what is forgotten first.
  [[nodiscard]] std::vector<Pointer> find_all(std::span<const std::string> ids) {
    return peek_all(ids, [](const std::string& id) -> std::string_view { return id; });
  }
  [[nodiscard]] std::vector<Pointer> find_all(std::string_view group,
                                              std::span<const std::string> ids) {
    return peek_all(ids, [group](const std::string&) { return group; });
  }

  /// The payload from the cache, else from `fetch()`, which returns a T or throws.
  ///
  /// @throws what `fetch` throws; ContractError when a fetch asks for the very id that it fetches;
  ///         CancelledError when the caller has given up while another's fetch was under way
  template <class Fetch>
  [[nodiscard]] Pointer get(std::string_view group, std::string_view id, Fetch&& fetch) {
    std::unique_lock lock{mutex_};
    if (Pointer present = find_locked(group, id)) return present;
    const std::string key = key_of(group, id);
    constexpr int max_refetches = 3;  // an id dirtied faster than it is fetched comes back too
    for (int attempt = 0;; ++attempt) {
      if (attempt > 0) {
        if (Pointer present = find_locked(group, id)) return present;
      }
      const auto under_way = flights_.find(key);
      if (under_way == flights_.end()) {
        if (Pointer value = lead(lock, group, id, key, fetch)) return value;
        if (attempt < max_refetches) continue;
        lock.unlock();
        return std::make_shared<const T>(fetch());
      }
      const std::shared_ptr<Flight> flight = under_way->second;
      if (flight->leader == std::this_thread::get_id()) {
        throw ContractError{"the fetch of " + what_ + " \"" + std::string{id} +
                            "\" asks for that very payload: it would wait for itself"};
      }
      const bool is_given_up = flight->asking == 0;  // and will bring nothing
      wait_for(lock, *flight, id);
      if (flight->stale || is_given_up) continue;
      if (flight->error) std::rethrow_exception(flight->error);
      return flight->value;
    }
  }
  template <class Fetch>
  [[nodiscard]] Pointer get(std::string_view id, Fetch&& fetch) {
    return get(id, id, std::forward<Fetch>(fetch));
  }

  /// Store a payload that was pushed. A fetch under way keeps its result to itself.
  void put(std::string_view group, std::string_view id, Pointer payload) {
    const std::lock_guard lock{mutex_};
    mark_stale([&](const Flight& flight) { return flight.group == group && flight.id == id; });
    store(group, id, std::move(payload), Clock::time_point::max());
  }
  void put(std::string_view id, Pointer payload) { put(id, id, std::move(payload)); }

  /// Store a payload that was pushed with an event, and keep it at hand until unpin(): however many
  /// others come before the event is delivered. drop() forgets it all the same.
  void pin(std::string_view id, Pointer payload) {
    const std::lock_guard lock{mutex_};
    mark_stale([&](const Flight& flight) { return flight.group == id && flight.id == id; });
    Pinned& pinned = pinned_[std::string{id}];
    ++pinned.count;
    pinned.payload = payload;
    store(id, id, std::move(payload), Clock::time_point::max());
  }

  /// The event has been delivered, or will never be: the payload is like any other from now on.
  void unpin(std::string_view id) {
    const std::lock_guard lock{mutex_};
    const auto found = pinned_.find(id);
    if (found == pinned_.end()) return;
    if (groups_.find(id) == nullptr) {
      store(id, id, found->second.payload, Clock::time_point::max());
    }
    if (--found->second.count == 0) pinned_.erase(found);
  }

  /// Forget one payload, also one that is just being fetched.
  void drop(std::string_view group, std::string_view id) {
    const std::lock_guard lock{mutex_};
    mark_stale([&](const Flight& flight) { return flight.group == group && flight.id == id; });
    unpin_all(group);
    if (Group* const members = groups_.find(group)) members->erase(group, id);
  }

  /// Forget a group with all that is in it.
  void drop(std::string_view group) {
    const std::lock_guard lock{mutex_};
    mark_stale([&](const Flight& flight) { return flight.group == group; });
    unpin_all(group);
    groups_.erase(group);
  }

  void clear() {
    const std::lock_guard lock{mutex_};
    mark_stale([](const Flight&) { return true; });
    pinned_.clear();
    groups_.clear();
  }

  /// Forget everything but the groups that have only payloads for which `keep(const T&)` is true.
  /// What is being fetched is forgotten too.
  template <class Keep>
  void clear_except(Keep keep) {
    const std::lock_guard lock{mutex_};
    mark_stale([](const Flight&) { return true; });
    std::erase_if(pinned_, [&](const auto& entry) { return !keep(*entry.second.payload); });
    std::vector<std::string> forgotten;
    for_each_entry([&](const std::string& group, const Entry& entry) {
      if (!keep(*entry.payload)) forgotten.push_back(group);
    });
    for (const auto& group : forgotten) groups_.erase(group);
  }

  /// What is cached now, most recently used group first.
  [[nodiscard]] std::vector<Pointer> values() {
    const std::lock_guard lock{mutex_};
    std::vector<Pointer> result;
    const auto now = now_();
    for_each_entry([&](const std::string&, const Entry& entry) {
      if (entry.expires > now) result.push_back(entry.payload);
    });
    return result;
  }

 private:
  struct Entry {
    Pointer payload;
    typename Clock::time_point expires;
  };
  struct StringEqual {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept { return a == b; }
  };
  /// The entries of one group. The one under the group's own id, for most payloads the only one,
  /// needs no second look-up.
  struct Group {
    Entry* find(std::string_view group, std::string_view id) {
      if (id == group) return own ? &*own : nullptr;
      const auto found = others.find(id);
      return found == others.end() ? nullptr : &found->second;
    }
    void put(std::string_view group, std::string_view id, Entry entry) {
      if (id == group) {
        own = std::move(entry);
      } else {
        others.insert_or_assign(std::string{id}, std::move(entry));
      }
    }
    void erase(std::string_view group, std::string_view id) {
      if (id == group) {
        own.reset();
      } else if (const auto found = others.find(id); found != others.end()) {
        others.erase(found);
      }
    }

    std::optional<Entry> own;
    std::unordered_map<std::string, Entry, StringHash, StringEqual> others;
  };

  /// Pinned payloads are their own group.
  struct Pinned {
    Pointer payload;
    int count = 0;  ///< events under way
  };

  struct Flight {
    std::string group;
    std::string id;
    std::thread::id leader = std::this_thread::get_id();
    bool done = false;
    bool stale = false;
    std::size_t asking = 1;  // who waits for it and has not given up
    std::stop_source stop;   // requested when none is left
    Pointer value;
    std::exception_ptr error;
  };

  template <class GroupOf>
  std::vector<Pointer> peek_all(std::span<const std::string> ids, GroupOf group_of) {
    constexpr std::size_t ids_per_lock = 256;  // others get their turn during a long search
    std::vector<Pointer> result;
    result.reserve(ids.size());
    const auto now = now_();
    while (!ids.empty()) {
      const std::lock_guard lock{mutex_};
      const auto part = ids.first(std::min(ids.size(), ids_per_lock));
      for (const std::string& id : part) {
        const std::string_view group = group_of(id);
        Group* const members = groups_.peek(group);
        const Entry* const entry = members == nullptr ? nullptr : members->find(group, id);
        result.push_back(entry != nullptr && entry->expires > now ? entry->payload : nullptr);
      }
      ids = ids.subspan(part.size());
    }
    return result;
  }

  static std::string key_of(std::string_view group, std::string_view id) {
    std::string key;
    key.reserve(group.size() + id.size() + 24);
    // The length first: no pair of ids can look like another pair.
    key.append(std::to_string(group.size())).append(":").append(group).append(id);
    return key;
  }

  template <class Visit>
  void for_each_entry(Visit visit) const {
    for (const auto& [group, members] : groups_) {
      if (members.own) visit(group, *members.own);
      for (const auto& [id, entry] : members.others) visit(group, entry);
    }
  }

  Pointer find_locked(std::string_view group, std::string_view id) {
    Group* const members = groups_.find(group);
    const auto pinned = pinned_.empty() ? pinned_.end() : pinned_.find(id);
    if (members == nullptr) return pinned == pinned_.end() ? nullptr : pinned->second.payload;
    const Entry* const entry = members->find(group, id);
    if (entry == nullptr) return nullptr;
    if (entry->expires != Clock::time_point::max() && entry->expires <= now_()) {
      members->erase(group, id);
      return nullptr;
    }
    return entry->payload;
  }

  /// The caller of one of those who ask has given up. Thread: any.
  void give_up(Flight& flight) {
    bool was_last = false;
    {
      const std::lock_guard lock{mutex_};
      was_last = --flight.asking == 0;
    }
    landed_.notify_all();
    if (was_last) flight.stop.request_stop();
  }

  /// Waits for what another one fetches.
  void wait_for(std::unique_lock<std::mutex>& lock, Flight& flight, std::string_view id) {
    const std::stop_token caller = CallScope::current();
    const bool joins = flight.asking > 0;
    if (joins) ++flight.asking;
    lock.unlock();  // the callback takes it, at once when the caller has given up already
    {
      const std::stop_callback giving_up{caller, [&] {
                                           if (joins) give_up(flight);
                                         }};
      lock.lock();
      landed_.wait(lock, [&] { return flight.done || caller.stop_requested(); });
      lock.unlock();
    }
    lock.lock();
    if (flight.done) return;
    throw CancelledError{"nobody waits for the " + what_ + " \"" + std::string{id} + "\" any more"};
  }

  /// Fetches for everybody who asks meanwhile; null when the result was dirty before it came.
  template <class Fetch>
  Pointer lead(std::unique_lock<std::mutex>& lock, std::string_view group, std::string_view id,
               const std::string& key, Fetch& fetch) {
    const auto flight = std::make_shared<Flight>();
    flight->group = group;
    flight->id = id;
    flights_.emplace(key, flight);
    lock.unlock();
    try {
      const std::stop_callback giving_up{CallScope::current(), [&] { give_up(*flight); }};
      const CallScope scope{flight->stop.get_token()};
      flight->value = std::make_shared<const T>(fetch());
    } catch (...) {
      flight->error = std::current_exception();
    }
    lock.lock();
    flights_.erase(key);
    flight->done = true;
    landed_.notify_all();
    if (flight->error) std::rethrow_exception(flight->error);
    if (flight->stale) return nullptr;
    store(group, id, flight->value, now_() + max_age_);
    return flight->value;
  }

  void store(std::string_view group, std::string_view id, Pointer payload,
             typename Clock::time_point expires) {
    Group* members = groups_.find(group);
    if (members == nullptr) members = &groups_.put(group, Group{});
    members->put(group, id, Entry{std::move(payload), expires});
  }

  void unpin_all(std::string_view id) {
    if (const auto found = pinned_.find(id); found != pinned_.end()) pinned_.erase(found);
  }

  template <class Matches>
  void mark_stale(Matches matches) {
    for (auto& [key, flight] : flights_) {
      if (matches(*flight)) flight->stale = true;
    }
  }

  const std::string what_;
  const Clock::duration max_age_;
  const std::function<Clock::time_point()> now_;

  std::mutex mutex_;  // guards everything below, and the flights' members
  std::condition_variable landed_;
  LruMap<Group> groups_;
  std::unordered_map<std::string, Pinned, StringHash, StringEqual> pinned_;
  std::unordered_map<std::string, std::shared_ptr<Flight>> flights_;
};

}  // namespace wechaty::puppet
