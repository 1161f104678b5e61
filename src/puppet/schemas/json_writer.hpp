// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/schemas/enum_names.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

/// The other direction of json_reader.hpp.
namespace wechaty::puppet::detail {

class ObjectWriter;
template <class T>
concept Writable = requires(ObjectWriter& io, const T& value) {
  describe(io, value);
};

inline nlohmann::json written(const std::string& value) { return value; }
inline nlohmann::json written(bool value) { return value; }
inline nlohmann::json written(std::int64_t value) { return value; }
inline nlohmann::json written(Timestamp value) { return value.time_since_epoch().count(); }

/// Whole numbers without ".0", as JavaScript writes them.
inline nlohmann::json written(double value) {
  if (!std::isfinite(value))
    throw InvalidArgumentError{"JSON has no number for " + std::to_string(value)};
  constexpr double max_exact = 9007199254740992.0;
  if (std::trunc(value) == value && std::fabs(value) <= max_exact) {
    return static_cast<std::int64_t>(value);
  }
  return value;
}

template <ContractEnum E>
nlohmann::json written(E value) {
  return static_cast<int>(value);
}

template <Writable T>
nlohmann::json written(const T& value);

template <class T>
nlohmann::json written(const std::vector<T>& list) {
  auto json = nlohmann::json::array();
  for (const auto& value : list) json.push_back(written(value));
  return json;
}

template <ContractEnum E, class T>
nlohmann::json written(const std::map<E, T>& map) {
  auto json = nlohmann::json::object();
  for (const auto& [key, value] : map) json[std::to_string(static_cast<int>(key))] = written(value);
  return json;
}

/// Writes the fields of one object; what has no value gets no key.
class ObjectWriter {
 public:
  static constexpr bool reads = false;
  template <class T>
  using Ref = const T&;

  template <class T>
  void required(std::string_view key, const T& value, std::string_view /*deprecated_key*/ = {}) {
    try {
      json_[std::string{key}] = written(value);
    } catch (const InvalidArgumentError& error) {
      throw InvalidArgumentError{std::string{key} + ": " + error.what()};
    }
  }

  template <class T>
  void optional(std::string_view key, const std::optional<T>& value,
                std::string_view /*deprecated_key*/ = {}) {
    if (value) required(key, *value);
  }

  template <class Container>
  void optional(std::string_view key, const Container& value) {
    if (!value.empty()) required(key, value);
  }

  [[nodiscard]] nlohmann::json take() && { return std::move(json_); }

 private:
  nlohmann::json json_ = nlohmann::json::object();
};

template <Writable T>
nlohmann::json written(const T& value) {
  ObjectWriter io;
  describe(io, value);
  return std::move(io).take();
}

}  // namespace wechaty::puppet::detail
