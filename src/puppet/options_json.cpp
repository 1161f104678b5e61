// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/options_json.hpp"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "puppet/schemas/json_reader.hpp"
#include "puppet/schemas/json_writer.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

using nlohmann::json;

namespace {

/// The cache sizes by their JSON names.
constexpr std::pair<const char*, std::optional<std::size_t> CacheOptions::*> cache_fields[] = {
    {"contact", &CacheOptions::contact},
    {"friendship", &CacheOptions::friendship},
    {"message", &CacheOptions::message},
    {"post", &CacheOptions::post},
    {"room", &CacheOptions::room},
    {"roomInvitation", &CacheOptions::room_invitation},
    {"roomMember", &CacheOptions::room_member},
};

CacheOptions read_cache(const json& in, const detail::JsonPath& path) {
  CacheOptions cache;
  detail::ObjectReader io{in, path};
  for (const auto& [name, field] : cache_fields) {
    std::optional<std::int64_t> size;
    io.optional(name, size);
    if (!size) continue;
    if (*size <= 0) detail::fail(path.key(name), "must be greater than 0");
    cache.*field = static_cast<std::size_t>(*size);
  }
  return cache;
}

}  // namespace

void from_json(const json& in, PuppetOptions& options) {
  const detail::JsonPath path{"PuppetOptions"};
  PuppetOptions read = options;
  detail::ObjectReader io{in, path};
  io.optional("endpoint", read.endpoint);
  io.optional("token", read.token);
  std::optional<double> seconds;
  io.optional("timeoutSeconds", seconds);
  if (seconds && (*seconds < 0 || *seconds > 1e9)) {
    detail::fail(path.key("timeoutSeconds"), "must be a number of seconds, 0 or more");
  }
  if (seconds && *seconds > 0) {
    read.timeout = std::chrono::milliseconds{std::llround(*seconds * 1'000)};
  }
  if (const json* cache = io.raw("cache"); cache != nullptr && !cache->is_null()) {
    read.cache = read_cache(*cache, path.key("cache"));
  }
  read.extra.clear();
  for (const auto& [key, value] : in.items()) {
    if (key == "endpoint" || key == "token" || key == "timeoutSeconds" || key == "cache") continue;
    read.extra.emplace(key, value.dump(-1, ' ', false, json::error_handler_t::replace));
  }
  options = std::move(read);
}

void to_json(json& out, const PuppetOptions& options) {
  out = json::object();
  for (const auto& [key, text] : options.extra) out[key] = json::parse(text);
  if (options.endpoint) out["endpoint"] = *options.endpoint;
  if (options.token) out["token"] = *options.token;
  out["timeoutSeconds"] = detail::written(std::chrono::duration<double>(options.timeout).count());
  json cache = json::object();
  for (const auto& [name, field] : cache_fields) {
    if (const auto& size = options.cache.*field) cache[name] = *size;
  }
  if (!cache.empty()) out["cache"] = std::move(cache);
}

}  // namespace wechaty::puppet
