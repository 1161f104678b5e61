// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/status.hpp"

#include <array>
#include <string>

#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/events/error_event.hpp"

namespace wechaty::puppet_service {
namespace {

using puppet::ErrorCode;

/// Headers are limited, so a message must not be longer than this; bytes.
constexpr std::size_t max_message = 2'048;

template <ErrorCode Code>
std::exception_ptr make(const std::string& text) {
  return std::make_exception_ptr(puppet::CodedError<Code>{text});
}

struct Class {
  ErrorCode code;
  std::exception_ptr (*make)(const std::string& text);
};

constexpr std::array classes{
    Class{ErrorCode::invalid_argument, make<ErrorCode::invalid_argument>},
    Class{ErrorCode::not_logged_in, make<ErrorCode::not_logged_in>},
    Class{ErrorCode::not_found, make<ErrorCode::not_found>},
    Class{ErrorCode::unsupported, make<ErrorCode::unsupported>},
    Class{ErrorCode::contract, make<ErrorCode::contract>},
    Class{ErrorCode::conflict, make<ErrorCode::conflict>},
    Class{ErrorCode::storage, make<ErrorCode::storage>},
    Class{ErrorCode::timeout, make<ErrorCode::timeout>},
    Class{ErrorCode::cancelled, make<ErrorCode::cancelled>},
    Class{ErrorCode::consumed, make<ErrorCode::consumed>},
    Class{ErrorCode::too_large, make<ErrorCode::too_large>},
    Class{ErrorCode::network, make<ErrorCode::network>},
    Class{ErrorCode::authentication, make<ErrorCode::authentication>},
};

/// What the reference says of everything that its puppet does not implement.
constexpr std::string_view unsupported_text = "Wechaty Puppet Unsupported API Error";

/// The message of the reference is a JavaScript stack: without its frames.
std::string without_frames(std::string message) {
  if (const auto frames = message.find("\n    at "); frames != std::string::npos) {
    message.resize(frames);
  }
  return message;
}

}  // namespace

grpc::Status status_of(std::exception_ptr error) {
  const puppet::ErrorInfo info = puppet::error_info(std::move(error));
  std::string message = info.name + ": " + info.message;
  if (!info.details.empty()) message += "\n" + info.details;
  if (message.size() > max_message) message = message.substr(0, max_message) + "...";
  return {static_cast<grpc::StatusCode>(info.code), utf8(message)};
}

std::exception_ptr error_of(const grpc::Status& status, std::string_view what) {
  const std::string message = without_frames(status.error_message());
  const std::string text = std::string{what} + ": " + message;
  const std::string name = message.substr(0, message.find(':'));
  for (const auto& one : classes) {
    if (puppet::error_name(one.code) == name) return one.make(text);
  }
  if (message.find(unsupported_text) != std::string::npos) {
    return make<ErrorCode::unsupported>(text);
  }
  switch (status.error_code()) {
    // An unreachable server has the code of a failed store, but is none.
    case grpc::StatusCode::UNAVAILABLE: return make<ErrorCode::network>(text);
    case grpc::StatusCode::ALREADY_EXISTS: return make<ErrorCode::conflict>(text);
    case grpc::StatusCode::PERMISSION_DENIED: return make<ErrorCode::authentication>(text);
    default: break;
  }
  for (const auto& one : classes) {
    if (puppet::grpc_code(one.code) == static_cast<int>(status.error_code())) {
      return one.make(text);
    }
  }
  return std::make_exception_ptr(puppet::Error{text});
}

}  // namespace wechaty::puppet_service
