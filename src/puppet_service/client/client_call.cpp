// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client_call.hpp"

#include <array>
#include <utility>

#include "puppet_service/wire/status.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {

std::string reason_of(const grpc::Status& status) {
  constexpr std::array names{"OK",
                             "CANCELLED",
                             "UNKNOWN",
                             "INVALID_ARGUMENT",
                             "DEADLINE_EXCEEDED",
                             "NOT_FOUND",
                             "ALREADY_EXISTS",
                             "PERMISSION_DENIED",
                             "RESOURCE_EXHAUSTED",
                             "FAILED_PRECONDITION",
                             "ABORTED",
                             "OUT_OF_RANGE",
                             "UNIMPLEMENTED",
                             "INTERNAL",
                             "UNAVAILABLE",
                             "DATA_LOSS",
                             "UNAUTHENTICATED"};
  if (status.ok()) return "the server has ended the stream";
  const auto number = static_cast<std::size_t>(status.error_code());
  return (number < names.size() ? std::string{names.at(number)}
                                : "status " + std::to_string(number)) +
         (status.error_message().empty() ? std::string{} : ": " + status.error_message());
}

void throw_failure(const grpc::Status& status, std::string_view what) {
  if (status.ok()) throw puppet::NetworkError{std::string{what} + ": " + reason_of(status)};
  std::rethrow_exception(error_of(status, what));
}

void ClientCall::finish(const grpc::Status& status, std::string_view what) const {
  if (status.ok()) return;
  if (stop_.stop_requested()) throw puppet::CancelledError{std::string{what} + ": stopped"};
  if (status.error_code() == grpc::StatusCode::CANCELLED && link_.given_up().stop_requested()) {
    throw puppet::NetworkError{std::string{what} + ": " + link_.end_reason()};
  }
  throw_failure(link_.without_token(status), what);
}

}  // namespace wechaty::puppet_service
