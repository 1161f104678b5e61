// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "wechaty/puppet.hpp"

namespace wechaty::puppet::test {

/// The least puppet that has a session: logs in from a token on its card, otherwise asks for a
/// scan.
class SessionPuppet final : public Puppet {
 public:
  explicit SessionPuppet(MemoryCard card, PuppetOptions options = {}) : Puppet{std::move(options)} {
    set_memory(std::move(card));
  }
  ~SessionPuppet() override { stop(); }

  /// What the phone does.
  void scan_accepted(std::string_view token = "hunter2") {
    memory().set("token", token);
    login("bot");
  }
  void rotate(std::string_view token) { memory().set("token", token); }
  /// The service has renewed the token, and the puppet wants it in the store.
  void renew(std::string_view token) {
    rotate(token);
    save_memory();
  }
  /// The phone throws us out.
  void kicked() { logged_out("kicked"); }

  [[nodiscard]] bool restored() const { return restored_; }
  [[nodiscard]] int starts() const { return starts_; }
  std::function<void()> at_logout;

 protected:
  void do_start() override {
    ++starts_;
    restored_ = memory().has("token");
    if (restored_) login("bot");
  }
  void do_stop() override {}
  void do_logout(std::string_view /*reason*/) override {
    if (at_logout) at_logout();
  }

 private:
  std::atomic<bool> restored_{false};
  std::atomic<int> starts_{0};
};

}  // namespace wechaty::puppet::test
