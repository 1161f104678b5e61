// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// What kind of failure an Error is; the numbers are stable and never reused.
///
/// Source: contract R8.
enum class ErrorCode {
  unknown = 0,
  invalid_argument = 1,  ///< the caller's value is wrong: an id, a query, JSON, an option
  not_logged_in = 2,     ///< the call needs a login session and there is none
  not_found = 3,         ///< the service knows no such contact, room, message, ...
  unsupported = 4,       ///< this puppet does not implement the hook
  contract = 5,          ///< a puppet broke a rule that the base class cannot mend
  conflict = 6,          ///< somebody else wrote the same memory card in between
  storage = 7,           ///< a store failed: disk full, no permission, server down
  timeout = 8,           ///< it took longer than it may
  cancelled = 9,         ///< stop() came while the call was under way
  consumed = 10,         ///< a stream was asked for again after it had been read
  too_large = 11,        ///< more than a limit allows: a download, a picture, a store's quota
  network = 12,          ///< another machine could not be reached, or answered with a failure
  authentication = 13,   ///< a server refuses the token, the password or the name
};

/// The class name that belongs to a code, e.g. "NotFoundError"; "Error" for `unknown`.
[[nodiscard]] std::string_view error_name(ErrorCode code) noexcept;

/// Root of everything that this library throws by itself.
///
/// `what()` says what failed, for which id, and what to do where that is known. Exceptions of
/// other types that a hook throws reach the caller unchanged (contract R8).
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& what, ErrorCode code = ErrorCode::unknown)
      : std::runtime_error{what}, code_{code} {}

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  /// The name of the class, the same in every language: "NotFoundError".
  [[nodiscard]] std::string_view name() const noexcept { return error_name(code_); }

 private:
  ErrorCode code_;
};

/// One class per code, so that a handler can catch just the one that it can mend.
template <ErrorCode Code>
class CodedError : public Error {
 public:
  explicit CodedError(const std::string& what) : Error{what, Code} {}
};

using InvalidArgumentError = CodedError<ErrorCode::invalid_argument>;
using NotLoggedInError = CodedError<ErrorCode::not_logged_in>;
using NotFoundError = CodedError<ErrorCode::not_found>;
using UnsupportedError = CodedError<ErrorCode::unsupported>;
using ContractError = CodedError<ErrorCode::contract>;
using ConflictError = CodedError<ErrorCode::conflict>;
using StorageError = CodedError<ErrorCode::storage>;
using TimeoutError = CodedError<ErrorCode::timeout>;
using CancelledError = CodedError<ErrorCode::cancelled>;
using ConsumedError = CodedError<ErrorCode::consumed>;
using TooLargeError = CodedError<ErrorCode::too_large>;
using NetworkError = CodedError<ErrorCode::network>;
using AuthenticationError = CodedError<ErrorCode::authentication>;

}  // namespace wechaty::puppet
