// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace wechaty::puppet {

/// What is read of a content to tell its type.
inline constexpr std::size_t bytes_to_sniff = 4'096;
/// The same for a stream that holds an archive about which its beginning does not tell.
inline constexpr std::size_t most_bytes_to_sniff = 65'536;

/// What can be looked at of a content: its beginning, and other places where it is at hand.
struct ContentView {
  std::string_view beginning{};
  std::optional<std::uint64_t> size{};  ///< of the whole content, where that is known
  /// Up to `count` bytes from `offset`; null where only the beginning is there.
  std::function<std::string(std::uint64_t offset, std::size_t count)> read{};

  [[nodiscard]] bool is_whole() const { return size == beginning.size(); }
  [[nodiscard]] std::string at(std::uint64_t offset, std::size_t count) const;
};

/// How much a type that was found in the content says.
enum class ContentKind {
  unknown,    ///< nothing was recognised
  text,       ///< text of any sort
  container,  ///< a form that many types are made of: zip, gzip, OLE, TIFF
  specific,   ///< one type and no other
};

struct DetectedType {
  std::string type;  ///< as the table names it, or one that leads to a name only
  ContentKind kind = ContentKind::unknown;
  /// A container whose inside could not be looked at; more of the content could tell.
  bool undecided = false;
};

/// libmagic, and our own rules where it is wrong, silent or slow.
/// @throws Error when libmagic has no database
DetectedType detect(const ContentView& content);

/// Whether a content of `detected` may be called `claimed`, the type of the name extension
/// `extension` (lower case).
bool may_be_called(std::string_view claimed, std::string_view extension,
                   const DetectedType& detected, const ContentView& content);

/// Whether the beginning alone proves the type that is claimed, so that nobody has to detect it.
bool is_proven(std::string_view claimed, std::string_view extension, std::string_view beginning);

/// Number of 4 bytes in a text that is long enough.
inline std::size_t big_endian(std::string_view text, std::size_t at) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number = number << 8U | static_cast<unsigned char>(text[at + i]);
  }
  return number;
}

/// Number of 2 or 4 bytes in a text that is long enough.
inline std::uint32_t little_endian(std::string_view text, std::size_t at, std::size_t bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = bytes; i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(text[at + i]);
  }
  return number;
}

}  // namespace wechaty::puppet
