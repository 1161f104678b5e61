// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace wechaty::puppet_xmpp {

/// Sees to it that the account is synchronised once in each session, on a thread of its own: what
/// fails is done again, after longer and longer waits, until it succeeds or another session begins.
/// Errands that come up meanwhile are run on the same thread, so that nothing meets halfway.
///
/// Thread: any. Does not block, but for stop().
class Synchroniser {
 public:
  /// What the thread does. What is thrown is told, and for synchronise() tried again.
  struct Steps {
    std::function<void()> errands_before;  ///< that a synchronisation builds on
    /// @param full  the server has not told what changed since the last session
    std::function<void(std::uint64_t session, bool full)> synchronise;
    std::function<void(std::uint64_t session)>
        finish;                                        ///< it was done, and the session is the same
    std::function<void()> errands_after;               ///< that build on it
    std::function<void(std::exception_ptr)> on_error;  ///< in a session that is not over
  };
  explicit Synchroniser(Steps steps, std::chrono::milliseconds first_wait = std::chrono::seconds{1})
      : steps_{std::move(steps)}, first_wait_{first_wait} {}
  ~Synchroniser() { stop(); }
  Synchroniser(const Synchroniser&) = delete;
  Synchroniser& operator=(const Synchroniser&) = delete;

  void start();
  void request_stop() { thread_.request_stop(); }
  /// Ends the thread; not from it.
  void stop();

  /// Count a new session: what is under way is of the last one.
  void count_session();
  /// Synchronise. @param full  as in Steps; until it is done
  void want(bool full);
  void run_errands();
  /// There will be no session any more.
  void end();

  /// How many sessions there were.
  [[nodiscard]] std::uint64_t session() const { return session_; }
  [[nodiscard]] bool is_current(std::uint64_t session) const { return session == session_; }

 private:
  void run(const std::stop_token& stop);
  bool attempt(const std::stop_token& stop, std::uint64_t session,
               const std::function<void()>& step);
  void synchronise(std::uint64_t session);

  const Steps steps_;
  const std::chrono::milliseconds first_wait_;
  std::atomic<std::uint64_t> session_{0};

  std::mutex mutex_;  // guards everything below; changes of session_, too
  std::condition_variable_any changed_;
  bool wanted_ = false;
  bool full_ = false;
  bool errands_ = false;
  bool ended_ = false;

  std::jthread thread_;
};

}  // namespace wechaty::puppet_xmpp
