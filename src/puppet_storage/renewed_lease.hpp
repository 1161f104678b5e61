// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet_storage {

/// A lease that a server forgets unless it is renewed; renews it on a thread of its own.
class RenewedLease final : public puppet::StorageLease {
 public:
  using Clock = std::chrono::steady_clock;
  struct Calls {
    /// Renew it. Returns false when it is not ours any more; throws when that is not known.
    std::function<bool()> renew;
    /// Give it back; may throw, then the server forgets it in time.
    std::function<void()> release;
  };

  /// @param since  a time before the server counted the first time to live
  RenewedLease(std::uint64_t number, puppet::LeaseOptions options, Calls calls,
               Clock::time_point since);
  ~RenewedLease() override;

  [[nodiscard]] std::uint64_t fencing_number() const noexcept override { return number_; }
  [[nodiscard]] bool held() const noexcept override;

 private:
  void keep(const std::stop_token& stop);
  void lose(const std::string& why);

  const std::uint64_t number_;
  const puppet::LeaseOptions options_;
  const Calls calls_;
  std::atomic<Clock::time_point> valid_until_;  // the server may have forgotten it afterwards
  std::atomic<bool> lost_{false};
  std::mutex mutex_;  // of the condition only
  std::condition_variable_any wake_;
  std::jthread keeper_;  // last: it uses all the others
};

}  // namespace wechaty::puppet_storage
