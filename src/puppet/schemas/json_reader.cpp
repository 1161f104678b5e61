// SPDX-License-Identifier: Apache-2.0
#include "puppet/schemas/json_reader.hpp"

#include <cmath>
#include <limits>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet::detail {
namespace {

using nlohmann::json;

/// What a Date of JavaScript can hold; it also keeps sums with it far from overflow.
constexpr std::int64_t max_timestamp = 8'640'000'000'000'000;
/// Above this a double no longer holds every whole number.
constexpr double max_exact = 9007199254740992.0;

std::string_view with_article(const json& found) {
  switch (found.type()) {
    case json::value_t::null: return "null";
    case json::value_t::object: return "an object";
    case json::value_t::array: return "an array";
    case json::value_t::string: return "a string";
    case json::value_t::boolean: return "a boolean";
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float: return "a number";
    case json::value_t::binary: return "binary data";
    case json::value_t::discarded: break;
  }
  return "no JSON";
}

}  // namespace

std::string JsonPath::text() const {
  std::string result = parent_ != nullptr ? parent_->text() : std::string{};
  if (parent_ == nullptr) return std::string{name_};
  if (name_.empty()) return result + '[' + std::to_string(index_) + ']';
  return result + '.' + std::string{name_};
}

void fail(const JsonPath& path, const std::string& what) {
  throw InvalidArgumentError{path.text() + ": " + what};
}

void fail_type(const JsonPath& path, std::string_view expected, const json& found) {
  fail(path, "expected " + std::string{expected} + ", got " + std::string{with_article(found)});
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t max_length = 40;
  const bool cut = text.size() > max_length;
  // A cut inside of a character is replaced, as is any other broken UTF-8.
  return json(text.substr(0, max_length))
             .dump(-1, ' ', /*ensure_ascii=*/false, json::error_handler_t::replace) +
         (cut ? "..." : "");
}

void read(const json& json, const JsonPath& path, std::string& out) {
  if (!json.is_string()) fail_type(path, "a string", json);
  out = json.get_ref<const std::string&>();
}

void read(const json& json, const JsonPath& path, bool& out) {
  if (!json.is_boolean()) fail_type(path, "a boolean", json);
  out = json.get<bool>();
}

void read(const json& json, const JsonPath& path, std::int64_t& out) {
  if (!json.is_number()) fail_type(path, "a number", json);
  if (json.is_number_float()) {
    // JavaScript knows no integers: 3.0 and 3 are the same there.
    const double number = json.get<double>();
    if (std::trunc(number) != number) fail(path, "expected a whole number, got " + json.dump());
    if (!(std::fabs(number) <= max_exact)) fail(path, "number out of range");
    out = static_cast<std::int64_t>(number);
    return;
  }
  if (json.is_number_unsigned() &&
      json.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    fail(path, "number out of range");
  }
  out = json.get<std::int64_t>();
}

void read(const json& json, const JsonPath& path, double& out) {
  if (!json.is_number()) fail_type(path, "a number", json);
  const double number = json.get<double>();
  if (!std::isfinite(number)) fail(path, "number out of range");
  out = number;
}

void read(const json& json, const JsonPath& path, Timestamp& out) {
  if (!json.is_number()) fail_type(path, "a number of milliseconds", json);
  std::int64_t number = 0;
  if (json.is_number_float()) {
    const double floor = std::floor(json.get<double>());
    // The comparison is false for what is not a number.
    if (!(std::fabs(floor) <= static_cast<double>(max_timestamp)))
      fail(path, "number out of range");
    number = static_cast<std::int64_t>(floor);
  } else {
    read(json, path, number);
  }
  if (number > max_timestamp || number < -max_timestamp) fail(path, "number out of range");
  out = Timestamp{std::chrono::milliseconds{number}};
}

const json* ObjectReader::raw(std::string_view key) const {
  const auto found = json_.find(key);
  return found == json_.end() ? nullptr : &*found;
}

std::pair<std::string_view, const json*> ObjectReader::find(std::string_view key,
                                                            std::string_view deprecated_key) const {
  for (const std::string_view name : {key, deprecated_key}) {
    if (name.empty()) continue;
    const json* value = raw(name);
    if (value != nullptr && !value->is_null()) return {name, value};
  }
  return {key, nullptr};
}

}  // namespace wechaty::puppet::detail
