// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

std::string_view error_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::unknown: return "Error";
    case ErrorCode::invalid_argument: return "InvalidArgumentError";
    case ErrorCode::not_logged_in: return "NotLoggedInError";
    case ErrorCode::not_found: return "NotFoundError";
    case ErrorCode::unsupported: return "UnsupportedError";
    case ErrorCode::contract: return "ContractError";
    case ErrorCode::conflict: return "ConflictError";
    case ErrorCode::storage: return "StorageError";
    case ErrorCode::timeout: return "TimeoutError";
    case ErrorCode::cancelled: return "CancelledError";
    case ErrorCode::consumed: return "ConsumedError";
    case ErrorCode::too_large: return "TooLargeError";
    case ErrorCode::network: return "NetworkError";
    case ErrorCode::authentication: return "AuthenticationError";
  }
  return "Error";
}

}  // namespace wechaty::puppet
