// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/call.hpp"

#include <utility>

namespace wechaty::puppet_service {

bool Call::claim_end() {
  {
    const std::lock_guard lock{end_mutex_};
    if (ended_.exchange(true, std::memory_order_acq_rel)) return false;
  }
  slot_.release();
  on_end();
  return true;
}

bool Call::end(const grpc::Status& status) {
  if (!claim_end()) return false;
  Finish(status);
  return true;
}

bool Call::reply() {
  if (!claim_end()) return false;
  StartWriteAndFinish(&response_, grpc::WriteOptions{}, grpc::Status::OK);
  return true;
}

void Call::cut() {
  const std::lock_guard lock{context_mutex_};
  if (context_ != nullptr) context_->TryCancel();
}

void Call::OnCancel() {
  stop_.request_stop();
  end({grpc::StatusCode::CANCELLED, "the caller has given up, or its deadline has passed"});
}

void Call::OnDone() {
  {
    const std::lock_guard lock{context_mutex_};
    context_ = nullptr;
  }
  stop_.request_stop();
  const auto under_way = std::move(under_way_);
  const auto last = std::move(self_);
}

}  // namespace wechaty::puppet_service
