// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet {

/// The parts of `scheme://user@authority/path?name=value`, or of `scheme:path?name=value`.
///
/// Percent escapes are decoded in all parts. A password has no place in a URL, which ends up in
/// logs and process lists: parse() refuses one.
struct StorageUrl {
  std::string scheme{};     ///< lower case
  std::string user{};       ///< empty when there is none
  std::string authority{};  ///< host and port as written: "h:1", "h1:1,h2:2"; empty without "//"
  std::string path{};       ///< with its leading slash, if it has one
  std::map<std::string, std::string> query{};

  bool operator==(const StorageUrl&) const = default;

  /// @throws InvalidArgumentError; its message quotes nothing but the scheme
  [[nodiscard]] static StorageUrl parse(std::string_view url);

  /// Take a parameter out of the query; nullopt when it is not there.
  [[nodiscard]] std::optional<std::string> take(const std::string& name);
  /// Call it when all known ones were taken.
  /// @throws InvalidArgumentError naming a parameter that is left
  void require_no_more() const;
};

/// A card's storage and its name.
struct OpenedStorage {
  std::string name;
  std::shared_ptr<MemoryStorage> storage;  ///< nullptr: in memory only
};

/// Makes storages from URLs; nullopt for a scheme that it does not know.
///
/// Source: contract R4.2.
using StorageFactory = std::function<std::optional<OpenedStorage>(const StorageUrl&)>;

}  // namespace wechaty::puppet
