// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet_xmpp {

/// The bytes in base64 (RFC 4648).
[[nodiscard]] std::string to_base64(std::string_view bytes);
/// nullopt for what is no base64.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);
/// A hash of bytes, as bytes. @param algorithm  "SHA1" or "SHA256"
[[nodiscard]] std::string digest(const char* algorithm, std::string_view bytes);
[[nodiscard]] std::string to_hex(std::string_view bytes);
/// Random characters a-z, 0-9 from the system's generator.
[[nodiscard]] std::string random_text(std::size_t length);
/// A random UUID (version 4).
[[nodiscard]] std::string random_uuid();
/// A UUID that begins with a time since 1970 (version 7, RFC 9562), and goes on at random.
[[nodiscard]] std::string timed_uuid(std::chrono::milliseconds time);
/// The time in a UUID of version 7; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::milliseconds> time_of_uuid(std::string_view text);

}  // namespace wechaty::puppet_xmpp
