// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/synchroniser.hpp"

#include <algorithm>

namespace wechaty::puppet_xmpp {

namespace {
constexpr std::chrono::milliseconds longest_pause{60'000};
}

void Synchroniser::start() {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Synchroniser::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Synchroniser::count_session() {
  {
    const std::lock_guard lock{mutex_};
    ++session_;
  }
  changed_.notify_all();
}

void Synchroniser::want(bool full) {
  {
    const std::lock_guard lock{mutex_};
    wanted_ = true;
    full_ = full_ || full;
  }
  changed_.notify_all();
}

void Synchroniser::run_errands() {
  {
    const std::lock_guard lock{mutex_};
    errands_ = true;
  }
  changed_.notify_all();
}

void Synchroniser::end() {
  {
    const std::lock_guard lock{mutex_};
    ended_ = true;
  }
  changed_.notify_all();
}

void Synchroniser::run(const std::stop_token& stop) {
  auto wait = first_wait_;
  while (true) {
    bool wanted = false;
    std::uint64_t session = 0;
    {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, stop, [this] { return wanted_ || errands_; });
      if (stop.stop_requested()) return;
      wanted = std::exchange(wanted_, false);
      errands_ = false;
      session = session_;
    }
    static_cast<void>(attempt(stop, session, steps_.errands_before));
    if (!wanted || attempt(stop, session, [&] { synchronise(session); })) {
      static_cast<void>(attempt(stop, session, steps_.errands_after));
      wait = first_wait_;
      continue;
    }
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stop, wait, [&] { return wanted_ || ended_ || !is_current(session); });
    wait = std::min(wait * 2, longest_pause);
    wanted_ = !ended_;
  }
}

bool Synchroniser::attempt(const std::stop_token& stop, std::uint64_t session,
                           const std::function<void()>& step) {
  try {
    step();
    return true;
  } catch (...) {
    bool is_over = stop.stop_requested() || !is_current(session);  // another one has its own try
    {
      const std::lock_guard lock{mutex_};
      is_over = is_over || ended_;
    }
    if (!is_over) steps_.on_error(std::current_exception());
    return false;
  }
}

void Synchroniser::synchronise(std::uint64_t session) {
  bool full = false;
  {
    const std::lock_guard lock{mutex_};
    full = full_;
  }
  steps_.synchronise(session, full);
  {
    const std::lock_guard lock{mutex_};
    if (!is_current(session)) return;
    wanted_ = full_ = false;  // also what a resumption has asked for meanwhile
  }
  steps_.finish(session);
}

}  // namespace wechaty::puppet_xmpp
