// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/events/error_event.hpp"

#include <cxxabi.h>

#include <cstdlib>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <typeinfo>
#include <utility>

namespace wechaty::puppet {
namespace {

using nlohmann::json;

/// npm gives this name to a text that became an error.
constexpr std::string_view text_error_name = "GError";

std::string type_name(const std::exception& error) {
  const char* mangled = typeid(error).name();
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name{
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free};
  return status == 0 && name ? name.get() : mangled;
}

/// What the exceptions nested in `error` say, one a line, the outermost first.
std::string causes_of(const std::exception& error) {
  constexpr int max_depth = 32;
  std::string causes;
  std::exception_ptr next;
  const auto* nested = dynamic_cast<const std::nested_exception*>(&error);
  if (nested != nullptr) next = nested->nested_ptr();
  for (int depth = 0; next && depth < max_depth; ++depth) {
    if (!causes.empty()) causes += '\n';
    try {
      std::rethrow_exception(std::exchange(next, nullptr));
    } catch (const std::exception& cause) {
      causes += cause.what();
      nested = dynamic_cast<const std::nested_exception*>(&cause);
      if (nested != nullptr) next = nested->nested_ptr();
    } catch (...) {
      causes += "an exception of an unknown type";
    }
  }
  return causes;
}

void read_text(const json& object, const char* key, std::string& out) {
  const auto found = object.find(key);
  if (found != object.end() && found->is_string()) out = found->get<std::string>();
}

}  // namespace

int grpc_code(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::unknown: return 2;           // UNKNOWN
    case ErrorCode::invalid_argument: return 3;  // INVALID_ARGUMENT
    case ErrorCode::not_logged_in: return 9;     // FAILED_PRECONDITION
    case ErrorCode::not_found: return 5;         // NOT_FOUND
    case ErrorCode::unsupported: return 12;      // UNIMPLEMENTED
    case ErrorCode::contract: return 13;         // INTERNAL
    case ErrorCode::conflict: return 10;         // ABORTED
    case ErrorCode::storage: return 14;          // UNAVAILABLE
    case ErrorCode::timeout: return 4;           // DEADLINE_EXCEEDED
    case ErrorCode::cancelled: return 1;         // CANCELLED
    case ErrorCode::consumed: return 9;          // FAILED_PRECONDITION
    case ErrorCode::too_large: return 8;         // RESOURCE_EXHAUSTED
    case ErrorCode::network: return 14;          // UNAVAILABLE
    case ErrorCode::authentication: return 16;   // UNAUTHENTICATED
  }
  return 2;
}

ErrorInfo error_info(std::exception_ptr error) {
  if (!error) return {.message = "no error", .name = std::string{text_error_name}};
  try {
    std::rethrow_exception(error);
  } catch (const Error& ours) {
    return {.code = grpc_code(ours.code()),
            .details = causes_of(ours),
            .message = ours.what(),
            .name = std::string{ours.name()}};
  } catch (const std::exception& other) {
    return {.details = causes_of(other), .message = other.what(), .name = type_name(other)};
  } catch (const std::string& text) {
    return {.message = text, .name = std::string{text_error_name}};
  } catch (const char* text) {
    return {.message = text != nullptr ? text : "", .name = std::string{text_error_name}};
  } catch (...) {
    return {.message = "an exception of an unknown type", .name = std::string{text_error_name}};
  }
}

ErrorInfo error_info(const EventErrorPayload& event) {
  ErrorInfo info{.name = std::string{text_error_name}};
  const json parsed = json::parse(event.gerror, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) {
    info.message = event.gerror.empty() ? event.data.value_or("") : event.gerror;
    return info;
  }
  const auto code = parsed.find("code");
  if (code != parsed.end() && code->is_number_integer()) {
    const auto number = code->get<std::int64_t>();
    if (number >= 0 && number <= std::numeric_limits<int>::max()) {
      info.code = static_cast<int>(number);
    }
  }
  read_text(parsed, "details", info.details);
  read_text(parsed, "message", info.message);
  read_text(parsed, "name", info.name);
  return info;
}

EventErrorPayload error_event(const ErrorInfo& info) {
  const json gerror{{"code", info.code},
                    {"details", info.details},
                    {"message", info.message},
                    {"name", info.name}};
  // A foreign exception's text may be anything; an error event must not fail on it.
  return {.gerror = gerror.dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace)};
}

EventErrorPayload error_event(std::exception_ptr error) { return error_event(error_info(error)); }

EventErrorPayload error_event(std::string_view message) {
  return error_event(
      ErrorInfo{.message = std::string{message}, .name = std::string{text_error_name}});
}

}  // namespace wechaty::puppet
