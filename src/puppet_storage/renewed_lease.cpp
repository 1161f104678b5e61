// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/renewed_lease.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace wechaty::puppet_storage {

RenewedLease::RenewedLease(std::uint64_t number, puppet::LeaseOptions options, Calls calls,
                           Clock::time_point since)
    : number_{number},
      options_{std::move(options)},
      calls_{std::move(calls)},
      valid_until_{since + options_.ttl},
      keeper_{[this](const std::stop_token& stop) { keep(stop); }} {}

RenewedLease::~RenewedLease() {
  keeper_.request_stop();
  if (keeper_.joinable()) keeper_.join();
  try {
    calls_.release();
  } catch (const std::exception&) {  // the server forgets it when its time is over
  }
}

bool RenewedLease::held() const noexcept {
  return !lost_.load() && Clock::now() < valid_until_.load();
}

void RenewedLease::keep(const std::stop_token& stop) {
  auto pause = options_.ttl / 3;
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      wake_.wait_for(lock, stop, pause, [] { return false; });
    }
    if (stop.stop_requested()) return;
    const auto before = Clock::now();
    try {
      if (!calls_.renew()) return lose("another process has it, or it has expired");
      valid_until_ = before + options_.ttl;
      pause = options_.ttl / 3;
    } catch (const std::exception& error) {
      if (Clock::now() >= valid_until_.load()) {
        return lose(std::string{"it could not be renewed in time: "} + error.what());
      }
      pause = std::max(options_.ttl / 10, std::chrono::milliseconds{50});
    }
  }
}

void RenewedLease::lose(const std::string& why) {
  lost_ = true;
  try {
    if (options_.on_lost) options_.on_lost("the lease of the memory card is lost: " + why);
  } catch (...) {  // no exception leaves a thread of the library; held() and save() tell as well
  }
}

}  // namespace wechaty::puppet_storage
