// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/system_events.hpp"

namespace wechaty::puppet {

/// What an `error` event says, in the form that all languages share.
///
/// Source: npm gerror; the field names are those of its JSON.
struct ErrorInfo {
  int code = 2;         ///< a number of gRPC: 2 = UNKNOWN, 5 = NOT_FOUND, ...
  std::string details;  ///< more for the developer, e.g. the causes; may be empty
  std::string message;  ///< what failed
  std::string name;     ///< the class of the error, e.g. "NotFoundError"

  friend bool operator==(const ErrorInfo&, const ErrorInfo&) = default;
};

/// The gRPC status number that stands for a kind of failure.
/// Thread: any.
[[nodiscard]] int grpc_code(ErrorCode code) noexcept;

/// Take an exception apart.
///
/// @param error  an Error gives its name and the number of its code; any other std::exception its
///               type's name and code 2; a thrown text itself and the name "GError"; nested
///               exceptions become the details, one line each. A null pointer gives "no error".
/// Thread: any.
[[nodiscard]] ErrorInfo error_info(std::exception_ptr error);

/// Read an `error` event, whoever made it: missing and mistyped fields keep their defaults, and a
/// `gerror` that is no JSON object, or the deprecated `data` where there is none, is the message.
/// Thread: any.
[[nodiscard]] ErrorInfo error_info(const EventErrorPayload& event);

/// The `error` event for a failure, its `gerror` the JSON text of what error_info() finds.
///
/// Source: wechaty-puppet's emit('error', x). Differs: `details` never holds a stack with paths of
/// the machine, and there is no `stack`.
/// Thread: any.
[[nodiscard]] EventErrorPayload error_event(std::exception_ptr error);
[[nodiscard]] EventErrorPayload error_event(const ErrorInfo& info);

/// The `error` event for a message without an exception: name "GError", code 2, as in npm.
/// Thread: any.
[[nodiscard]] EventErrorPayload error_event(std::string_view message);

}  // namespace wechaty::puppet
