// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "service_client/scripted_server.hpp"
#include "support/event_log.hpp"
#include "wechaty/puppet_service.hpp"

namespace wechaty::puppet_service::test {

/// The states that a client goes through, and a way to wait for one.
class StateLog {
 public:
  explicit StateLog(PuppetService& puppet)
      : subscription_{puppet.on_connection([this](const ConnectionStatus& status) {
          {
            const std::lock_guard lock{mutex_};
            all_.push_back(status);
          }
          changed_.notify_all();
        })} {}

  /// @result false after `patience`
  bool wait_for(ConnectionState state, int count = 1,
                std::chrono::milliseconds patience = std::chrono::seconds{20}) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [&] {
      return std::count_if(all_.begin(), all_.end(),
                           [&](const auto& status) { return status.state == state; }) >= count;
    });
  }
  [[nodiscard]] std::vector<ConnectionStatus> all() const {
    const std::lock_guard lock{mutex_};
    return all_;
  }
  /// "connecting online ...": without repetitions.
  [[nodiscard]] std::string names() const {
    std::string names;
    ConnectionState last = ConnectionState::offline;
    for (const auto& status : all()) {
      if (status.state == last) continue;
      last = status.state;
      names += (names.empty() ? "" : " ") + std::string{state_name(last)};
    }
    return names;
  }

 private:
  mutable std::mutex mutex_;  // guards all_
  std::condition_variable changed_;
  std::vector<ConnectionStatus> all_;
  std::shared_ptr<void> subscription_;  // last: its listener uses the others
};

/// @result false after 20 s
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

inline PuppetServiceOptions plain(PuppetServiceOptions options = {}) {
  options.tls.disable = true;
  return options;
}

/// A client of a server by hand.
class ClientTest : public testing::Test {
 protected:
  PuppetService& make(PuppetServiceOptions service = {}, puppet::PuppetOptions options = {}) {
    states_.reset();
    log_.reset();
    puppet_.reset();
    if (!options.endpoint) options.endpoint = server_.endpoint();
    if (!options.token) options.token = "test_token";
    puppet_ = std::make_unique<PuppetService>(std::move(options), plain(std::move(service)));
    log_ = std::make_unique<puppet::test::EventLog>(*puppet_);
    states_ = std::make_unique<StateLog>(*puppet_);
    return *puppet_;
  }
  void log_in(PuppetServiceOptions service = {}, puppet::PuppetOptions options = {}) {
    make(std::move(service), std::move(options)).start();
    ASSERT_TRUE(log_->wait_for("ready"));
  }
  /// Everything that the server has said is delivered when this returns.
  void flush() {
    static int number = 0;
    const std::string data = "flush-" + std::to_string(++number);
    puppet_->ding(data);
    ASSERT_TRUE(log_->wait_for("dong " + data));
  }

  ScriptedServer server_;
  std::unique_ptr<PuppetService> puppet_;
  std::unique_ptr<puppet::test::EventLog> log_;
  std::unique_ptr<StateLog> states_;
};

}  // namespace wechaty::puppet_service::test
