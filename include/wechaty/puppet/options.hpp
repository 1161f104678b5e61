// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "wechaty/puppet/events/executor.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace wechaty::puppet {

class FileBoxResolver;

/// How many payloads of each kind are kept; what is unset comes from the environment variable
/// WECHATY_PUPPET_LRU_CACHE_SIZE_CONTACT (_FRIENDSHIP, _MESSAGE, ...), else the default.
///
/// Limits: a size of 0 is refused with InvalidArgumentError; an environment variable that is empty,
/// not a number or not positive is ignored.
/// Source: contract R6; wechaty-puppet src/agents/cache-agent.ts and src/env-vars.ts.
struct CacheOptions {
  std::optional<std::size_t> contact;          ///< default 500
  std::optional<std::size_t> friendship;       ///< default 100
  std::optional<std::size_t> message;          ///< default 500
  std::optional<std::size_t> post;             ///< default 100
  std::optional<std::size_t> room;             ///< default 100
  std::optional<std::size_t> room_invitation;  ///< default 100
  std::optional<std::size_t> room_member;      ///< default 100; rooms, each with all its members

  bool operator==(const CacheOptions&) const = default;
};

/// What a puppet is made with. Everything has a default.
///
/// Source: wechaty-puppet src/schemas/puppet.ts PuppetOptions.
/// Differs: executor, logger, clock and limits can be given; there they are global.
struct PuppetOptions {
  std::optional<std::string> endpoint;  ///< address of what lies beneath, as the puppet reads it
  std::optional<std::string> token;     ///< secret of what lies beneath; never logged

  /// How long the watchdog waits for a heartbeat; zero means the default of 60 s (contract R7).
  /// JSON: `timeoutSeconds`.
  std::chrono::milliseconds timeout{std::chrono::seconds{60}};

  CacheOptions cache;

  /// Any other key of the JSON form, for the puppet: name to JSON text.
  std::map<std::string, std::string, std::less<>> extra;

  /// How many events reported before `login` are held (contract R2.3).
  std::size_t hold_limit = 10'000;

  /// How long a payload fetched from the service is believed; what was pushed does not age.
  std::chrono::milliseconds cache_max_age{std::chrono::minutes{15}};

  /// With a value, the session is held under a lease of this time to live (LeaseOptions::ttl) from
  /// start() to stop(): while one process has it no other can log in with the same card, start()
  /// throws ConflictError there. Losing the lease is a reset(). Needs a storage that has leases.
  std::optional<std::chrono::milliseconds> session_lease;

  /// Who brings the content of files that come or go without a resolver of their own: what is
  /// behind a URL or a UUID, the picture of a QR code. Several become one with combine(); null:
  /// nobody.
  std::shared_ptr<FileBoxResolver> file_resolver;

  /// Where listeners run; null: an EventLoop of the puppet's own.
  std::shared_ptr<Executor> executor;

  /// Where the puppet logs; null: standard error, at the level that WECHATY_LOG names
  /// (silent, error, warn, info, verbose, silly; warn when unset).
  std::shared_ptr<spdlog::logger> logger;

  /// The wall clock that stamps what the base makes itself; null: the system's.
  std::function<Timestamp()> clock;

  /// The executor that puppets share, or a new EventLoop.
  [[nodiscard]] std::shared_ptr<Executor> executor_or_new() const;
  /// The wall clock's time now.
  [[nodiscard]] Timestamp now() const;
};

}  // namespace wechaty::puppet
