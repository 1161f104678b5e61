// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wechaty/puppet/schemas/enum_names.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

/// Reading JSON with errors that name the payload and the field. One function template per payload,
/// `describe(io, payload)`, lists its fields for both directions: ObjectReader here, ObjectWriter
/// in json_writer.hpp.
namespace wechaty::puppet::detail {

/// The place in a document, e.g. `ContactPayload.phone[1]`. A chain on the stack that becomes a
/// text only when there is an error to report; a parent outlives its children.
class JsonPath {
 public:
  explicit JsonPath(std::string_view root) : name_{root} {}

  [[nodiscard]] JsonPath key(std::string_view name) const { return JsonPath{this, name, 0}; }
  [[nodiscard]] JsonPath index(std::size_t index) const { return JsonPath{this, {}, index}; }
  [[nodiscard]] std::string text() const;

 private:
  JsonPath(const JsonPath* parent, std::string_view name, std::size_t index)
      : parent_{parent}, name_{name}, index_{index} {}

  const JsonPath* parent_ = nullptr;
  std::string_view name_;  ///< empty for an element of a list
  std::size_t index_ = 0;
};

/// @throws InvalidArgumentError `<path>: <what>`, always
[[noreturn]] void fail(const JsonPath& path, const std::string& what);
/// @throws InvalidArgumentError `<path>: expected <expected>, got <type of found>`, always
[[noreturn]] void fail_type(const JsonPath& path, std::string_view expected,
                            const nlohmann::json& found);
/// A text of the document, cut and made printable, for an error message.
[[nodiscard]] std::string excerpt(std::string_view text);

void read(const nlohmann::json& json, const JsonPath& path, std::string& out);
void read(const nlohmann::json& json, const JsonPath& path, bool& out);
void read(const nlohmann::json& json, const JsonPath& path, std::int64_t& out);
void read(const nlohmann::json& json, const JsonPath& path, double& out);
void read(const nlohmann::json& json, const JsonPath& path, Timestamp& out);

template <ContractEnum E>
void read(const nlohmann::json& json, const JsonPath& path, E& out) {
  std::int64_t number = 0;
  read(json, path, number);
  if (const auto value = enum_from_number<E>(number)) {
    out = *value;
    return;
  }
  std::string known;
  for (const auto& entry : enum_names<E>) {
    known += (known.empty() ? "" : ", ") + std::to_string(static_cast<int>(entry.value)) + ' ' +
             std::string{entry.name};
  }
  fail(path, "unknown number " + std::to_string(number) + ", known are " + known);
}

template <class T>
void read(const nlohmann::json& json, const JsonPath& path, std::vector<T>& out) {
  if (!json.is_array()) fail_type(path, "an array", json);
  out.clear();
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) read(json[i], path.index(i), out.emplace_back());
}

/// A map with enum keys: an object whose keys are the numbers as text.
template <ContractEnum E, class T>
void read(const nlohmann::json& json, const JsonPath& path, std::map<E, T>& out) {
  if (!json.is_object()) fail_type(path, "an object", json);
  out.clear();
  for (const auto& [key, value] : json.items()) {
    int number = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), number);
    const auto known = enum_from_number<E>(number);
    // Only the one form that is written, so that no two keys mean the same ("1" and "01").
    if (error != std::errc{} || end != key.data() + key.size() || !known ||
        key != std::to_string(number)) {
      fail(path, "unknown key " + excerpt(key));
    }
    read(value, path.key(key), out[*known]);
  }
}

/// Reads the fields of one object. Null counts as missing, unknown fields are ignored.
class ObjectReader {
 public:
  static constexpr bool reads = true;
  /// How a describe() takes the payload.
  template <class T>
  using Ref = T&;

  ObjectReader(const nlohmann::json& json, const JsonPath& path) : json_{json}, path_{path} {
    if (!json.is_object()) fail_type(path, "an object", json);
  }

  /// A field that must be there, under `key` or else under its deprecated name.
  template <class T>
  void required(std::string_view key, T& out, std::string_view deprecated_key = {}) {
    const auto [name, value] = find(key, deprecated_key);
    if (value == nullptr) fail(path_.key(key), "missing");
    read(*value, path_.key(name), out);
  }

  template <class T>
  void optional(std::string_view key, std::optional<T>& out, std::string_view deprecated_key = {}) {
    const auto [name, value] = find(key, deprecated_key);
    out.reset();
    if (value != nullptr) read(*value, path_.key(name), out.emplace());
  }

  /// A list or map that may be missing, which is the same as empty.
  template <class Container>
  void optional(std::string_view key, Container& out) {
    const auto [name, value] = find(key, {});
    out.clear();
    if (value != nullptr) read(*value, path_.key(name), out);
  }

  [[nodiscard]] const JsonPath& path() const { return path_; }
  /// The value under `key`; nullptr where it is missing, but not where it is null.
  [[nodiscard]] const nlohmann::json* raw(std::string_view key) const;

 private:
  [[nodiscard]] std::pair<std::string_view, const nlohmann::json*> find(
      std::string_view key, std::string_view deprecated_key) const;

  const nlohmann::json& json_;
  const JsonPath& path_;
};

template <class T>
concept Readable = requires(ObjectReader& io, T& value) {
  describe(io, value);
};

template <Readable T>
void read(const nlohmann::json& json, const JsonPath& path, T& out) {
  ObjectReader io{json, path};
  describe(io, out);
}

/// Reads a whole document into `out`, which stays as it was when that throws.
template <class T>
void read_document(std::string_view name, const nlohmann::json& json, T& out) {
  T value{};
  read(json, JsonPath{name}, value);
  out = std::move(value);
}

}  // namespace wechaty::puppet::detail
