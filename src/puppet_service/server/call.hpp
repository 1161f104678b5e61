// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include "puppet_service/server/admission.hpp"
#include "puppet_service/server/under_way.hpp"

namespace wechaty::puppet_service {

/// One rpc, from its headers to its status.
///
/// gRPC calls reactions on its own threads, so they only hand over. The object lives until gRPC has
/// done with it and nobody else holds it: a hook may be under way when the caller is long gone.
/// Thread: every function may be called from any thread.
class Call : public grpc::ServerGenericBidiReactor, public std::enable_shared_from_this<Call> {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Call(grpc::CallbackServerContext& context) : context_{&context} {}
  ~Call() override = default;

  /// Gives the object to gRPC, which holds it until OnDone().
  template <class C>
  [[nodiscard]] static C* hand_over(std::shared_ptr<C> call) {
    C* const reactor = call.get();
    Call& base = *reactor;
    base.self_ = std::move(call);
    base.begin();
    return reactor;
  }

  /// What the call takes of its server: a place, which is free when the call has ended, and that
  /// it is under way, until gRPC has done with it.
  void hold(Admission::Slot slot, UnderWay::Token under_way) {
    slot_ = std::move(slot);
    under_way_ = std::move(under_way);
  }

  /// End with a status, once; later ones are ignored. @result whether it was the first
  bool end(const grpc::Status& status);
  /// End with a message and OK; `response_` must not be touched afterwards.
  bool reply();
  /// End the connection's interest in this call at once, e.g. of a reader that reads nothing.
  void cut();

  /// Stop is requested when the caller has given up, or its deadline has passed.
  [[nodiscard]] std::stop_token stop_token() { return stop_.get_token(); }
  [[nodiscard]] bool ended() const { return ended_.load(std::memory_order_acquire); }

  /// Start an operation of gRPC, unless the call has ended: after Finish() there must be none. What
  /// `start` does is over before a call that ends meanwhile calls Finish().
  template <class Start>
  void unless_ended(Start start) {
    const std::lock_guard lock{end_mutex_};
    if (!ended()) start();
  }

  /// For streams that can fall silent: when there was the last frame.
  [[nodiscard]] Clock::time_point last_frame() const { return last_frame_.load(); }
  void touch() { last_frame_.store(Clock::now()); }

 protected:
  /// The first thing; gRPC knows the object from here on.
  virtual void begin() = 0;
  /// The call has ended, whoever ended it; nothing more will be sent. Called once, on any thread.
  virtual void on_end() {}

  void OnCancel() override;
  void OnDone() override;

  grpc::ByteBuffer response_;

 private:
  bool claim_end();

  std::mutex end_mutex_;      // held while ended_ is set, and while an operation is started
  std::mutex context_mutex_;  // guards context_
  grpc::CallbackServerContext* context_;
  std::shared_ptr<Call> self_;
  std::stop_source stop_;
  std::atomic<bool> ended_{false};
  std::atomic<Clock::time_point> last_frame_{Clock::now()};
  Admission::Slot slot_;
  UnderWay::Token under_way_;
};

/// A call that gets a status and nothing else.
class RefusedCall final : public Call {
 public:
  RefusedCall(grpc::CallbackServerContext& context, grpc::Status status)
      : Call{context}, status_{std::move(status)} {}

 private:
  void begin() override { end(status_); }

  const grpc::Status status_;
};

}  // namespace wechaty::puppet_service
