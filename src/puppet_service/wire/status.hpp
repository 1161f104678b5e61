// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/status.h>

#include <exception>
#include <string_view>

namespace wechaty::puppet_service {

/// What a call ends with when the puppet throws: the code that fits the class of the error, and a
/// message whose first line is `<ErrorName>: <text>`; causes follow, one a line. Never a stack.
///
/// @param error  not null
/// Thread: any.
[[nodiscard]] grpc::Status status_of(std::exception_ptr error);

/// The way back: the exception for a call that failed.
///
/// A first line `<ErrorName>: <text>` with the name of one of our classes gives that class, because
/// the reference has code 2 for everything; else the code decides.
/// @param status  not OK
/// @param what    the call, in front of the text, e.g. "MessageSendText"
/// Thread: any.
[[nodiscard]] std::exception_ptr error_of(const grpc::Status& status, std::string_view what);

}  // namespace wechaty::puppet_service
