// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "wechaty/puppet/engine/strand.hpp"
#include "wechaty/puppet/engine/worker.hpp"

namespace wechaty::puppet {

/// Lets start, stop, reset and logout happen one at a time (contract R7, R9), wherever they are
/// called from: any thread, a listener, even a listener that runs because of the one under way.
///
/// A caller waits for its turn, then runs its operation on its own thread. A caller whose turn
/// cannot come before it returns (it runs inside a hook or a listener that the operation under way
/// waits for) does not wait: its operation is carried out right after that one, on the worker.
class Exclusive {
 public:
  using Operation = std::function<void()>;

  Exclusive(std::shared_ptr<Strand> strand, std::shared_ptr<Worker> worker)
      : strand_{std::move(strand)}, worker_{std::move(worker)} {}

  /// Run `operation` with nothing else under way. What it throws reaches the caller.
  ///
  /// @param operation  on the caller's thread; or later on the worker, where it must not throw
  ///                   anything of importance: there it goes to `on_late_failure`
  /// @result whether it was run; false: put off, or dropped after close()
  bool run(const Operation& operation,
           const std::function<void(std::exception_ptr)>& on_late_failure);

  /// From within an operation: wait until listeners have been told.
  void wait_for(Strand::Ticket ticket);

  /// Nothing runs any more; who waits for a turn returns.
  void close();

 private:
  enum class Turn { mine, later, never };
  Turn acquire();
  void release();

  const std::shared_ptr<Strand> strand_;
  const std::shared_ptr<Worker> worker_;

  std::mutex mutex_;  // guards everything below; never held while calling out
  std::condition_variable released_;
  bool busy_ = false;
  bool closed_ = false;
  std::thread::id owner_;
  std::optional<Strand::Ticket> awaited_;
  std::deque<Operation> put_off_;
};

}  // namespace wechaty::puppet
