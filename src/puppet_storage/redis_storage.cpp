// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/redis_storage.hpp"

#include <charconv>
#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/environment.hpp"
#include "puppet_storage/random_id.hpp"
#include "puppet_storage/redis_connection.hpp"
#include "puppet_storage/renewed_lease.hpp"
#include "puppet_storage/retry.hpp"

namespace wechaty::puppet_storage {

using puppet::ConflictError;
using puppet::DamagedDocumentError;
using puppet::InvalidArgumentError;
using puppet::LeaseLostError;
using puppet::LeaseOptions;
using puppet::StorageError;
using puppet::StoredDocument;

namespace {

// A document above the limit (64 MiB) is neither read nor hashed.
constexpr std::string_view version_function = R"(
local function version(key)
  local size = redis.call('STRLEN', key)
  if size > 67108864 then return 'oversize-' .. size end
  local text = redis.call('GET', key)
  if not text then return '' end
  return redis.sha1hex(text)
end
)";
static_assert(puppet::MemoryStorage::max_document_bytes == 67108864);

// KEYS: document. Answers nil, or {version, text}.
constexpr std::string_view load_body = R"(
local v = version(KEYS[1])
if v == '' then return false end
if string.sub(v, 1, 8) == 'oversize' then return {v} end
return {v, redis.call('GET', KEYS[1])}
)";

// KEYS: document, lease. ARGV: our lease or ''.
constexpr std::string_view lease_check = R"(
if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[1] then return {'lost'} end
)";

// ARGV: our lease, expected version, document. Answers {'ok'|'conflict', version now} or {'lost'}.
constexpr std::string_view save_body = R"(
local v = version(KEYS[1])
if v ~= ARGV[2] then return {'conflict', v} end
redis.call('SET', KEYS[1], ARGV[3])
return {'ok', redis.sha1hex(ARGV[3])}
)";

constexpr std::string_view destroy_body = R"(
redis.call('DEL', KEYS[1])
return {'ok'}
)";

// KEYS: document, new name. ARGV: expected version.
constexpr std::string_view set_aside_body = R"(
local v = version(KEYS[1])
if v ~= ARGV[1] then return {'conflict', v} end
redis.call('RENAME', KEYS[1], KEYS[2])
return {'ok'}
)";

// KEYS: lease, fence. ARGV: token, owner, milliseconds. Answers {'ok'|'taken', the lease}.
constexpr std::string_view acquire_script = R"(
local held = redis.call('GET', KEYS[1])
if held then
  if string.sub(held, -#ARGV[1]) == ARGV[1] then return {'ok', held} end
  return {'taken', held}
end
local mine = redis.call('INCR', KEYS[2]) .. ' ' .. ARGV[2] .. '\n' .. ARGV[1]
redis.call('SET', KEYS[1], mine, 'PX', ARGV[3])
return {'ok', mine}
)";

// KEYS: lease. ARGV: our lease, milliseconds (renew only).
constexpr std::string_view renew_script = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
)";
constexpr std::string_view release_script = R"(
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
)";

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string result;
  for (const auto part : parts) result += part;
  return result;
}

/// "h", "h:1", "[::1]", "[::1]:1"
void take_authority(const std::string& authority, RedisOptions& options) {
  if (authority.empty()) return;
  std::size_t end_of_host = authority.rfind(':');
  if (authority.front() == '[') {
    const auto close = authority.find(']');
    if (close == std::string::npos) throw InvalidArgumentError{"storage URL (redis): '[' is open"};
    options.host = authority.substr(1, close - 1);
    end_of_host = close + 1 < authority.size() ? close + 1 : std::string::npos;
  } else if (end_of_host != 0) {
    options.host = authority.substr(0, end_of_host);
  }
  if (end_of_host != std::string::npos) {
    options.port = static_cast<std::uint16_t>(
        number_in_url("redis", "port", authority.substr(end_of_host + 1), 1, 65535));
  }
}

}  // namespace

RedisOptions RedisOptions::from_url(puppet::StorageUrl url) {
  if (url.scheme == "rediss") {
    throw puppet::UnsupportedError{
        "rediss:// (Redis over TLS) is not available: this build uses hiredis without TLS, as "
        "Debian 12 ships it; use redis:// through a TLS tunnel (stunnel, a sidecar)"};
  }
  RedisOptions options;
  take_authority(url.authority, options);
  options.user = url.user;
  options.password = environment("WECHATY_PUPPET_REDIS_PASSWORD");
  if (const auto db = url.take("db")) options.db = number_in_url("redis", "db", *db, 0, 65535);
  take_timeout(url, options.remote);
  url.require_no_more();
  return options;
}

struct RedisStorage::Impl {
  Impl(std::string card_key, RedisOptions redis_options)
      : key{std::move(card_key)},
        lease_key{"{" + key + "}:lease"},
        fence_key{"{" + key + "}:fence"},
        options{std::move(redis_options)},
        connection{options} {}

  [[nodiscard]] std::string describe() const { return connection.where() + " key " + key; }

  std::optional<StoredDocument> load_once() {
    static const std::string script = joined({version_function, load_body});
    auto reply = connection.eval(script, {key}, {});
    if (!reply.front()) return std::nullopt;
    if (reply.size() < 2 || !reply[1]) {
      throw DamagedDocumentError{describe() + " is larger than a memory card may be",
                                 *reply.front()};
    }
    return StoredDocument{.text = std::move(*reply[1]), .version = std::move(*reply[0])};
  }

  /// What a script that checks the lease and the version has answered.
  void require_ok(const RedisConnection::Reply& reply, const std::string& expected) {
    const std::string& outcome = reply.front().value();
    if (outcome == "lost") {
      throw LeaseLostError{describe() +
                           ": the lease of this process is lost; another one may use "
                           "the session now"};
    }
    if (outcome != "conflict") return;
    const std::string found = reply.at(1).value_or("");
    throw ConflictError{describe() + ": expected " + version_name(expected) + ", found " +
                        version_name(found) + ": another process has written this card; reload it"};
  }

  const std::string key;
  const std::string lease_key;
  const std::string fence_key;
  const RedisOptions options;
  RedisConnection connection;
  SharedText lease;  // the whole value of the lease while this process has, or had, one
};

RedisStorage::RedisStorage(std::string key, RedisOptions options) {
  if (key.empty()) throw InvalidArgumentError{"RedisStorage: the key is empty: redis://host/key"};
  impl_ = std::make_unique<Impl>(std::move(key), std::move(options));
}
RedisStorage::~RedisStorage() = default;

std::string RedisStorage::describe() const { return impl_->describe(); }

std::optional<StoredDocument> RedisStorage::load() {
  return with_retries(impl_->options.remote, [&](int) { return impl_->load_once(); });
}

std::string RedisStorage::save(std::string_view document, const std::string& expected_version) {
  static const std::string script = joined({version_function, lease_check, save_body});
  const auto once = [&] {
    const std::string lease = impl_->lease.get();
    const auto reply = impl_->connection.eval(script, {impl_->key, impl_->lease_key},
                                              {lease, expected_version, document});
    impl_->require_ok(reply, expected_version);
    return reply.at(1).value();
  };
  return save_with_retries(impl_->options.remote, document, once,
                           [&] { return impl_->load_once(); });
}

void RedisStorage::destroy() {
  static const std::string script = joined({lease_check, destroy_body});
  with_retries(impl_->options.remote, [&](int) {
    const std::string lease = impl_->lease.get();
    impl_->require_ok(impl_->connection.eval(script, {impl_->key, impl_->lease_key}, {lease}), {});
  });
}

std::string RedisStorage::set_aside(const std::string& expected_version) {
  // Not repeated: a second attempt could not tell its own success from a conflict.
  static const std::string script = joined({version_function, set_aside_body});
  std::string name =
      "{" + impl_->key + "}:damaged-" + puppet::memory::utc_stamp() + "-" + random_id(8);
  impl_->require_ok(impl_->connection.eval(script, {impl_->key, name}, {expected_version}),
                    expected_version);
  return "redis key " + name;
}

std::unique_ptr<puppet::StorageLease> RedisStorage::acquire_lease(LeaseOptions options) {
  if (options.owner.empty()) options.owner = puppet::memory::default_owner();
  const std::string token = random_id(32);
  const std::string ttl = std::to_string(options.ttl.count());
  const auto since = RenewedLease::Clock::now();
  const auto reply = with_retries(impl_->options.remote, [&](int) {
    return impl_->connection.eval(acquire_script, {impl_->lease_key, impl_->fence_key},
                                  {token, options.owner, ttl});
  });
  const std::string value = reply.at(1).value();
  if (reply.front() != "ok") {
    throw ConflictError{impl_->describe() + " is in use by " + puppet::memory::owner_in(value)};
  }
  impl_->lease.set(value);
  // A connection of its own: a long save must not keep the lease from being renewed.
  auto connection = std::make_shared<RedisConnection>(impl_->options);
  const auto renew = [connection, key = impl_->lease_key, value, ttl] {
    return connection->eval(renew_script, {key}, {value, ttl}).front() == "1";
  };
  const auto release = [connection, key = impl_->lease_key, value, ours = impl_->lease] {
    ours.clear_if(value);
    (void)connection->eval(release_script, {key}, {value});
  };
  return std::make_unique<RenewedLease>(puppet::memory::number_in(value), std::move(options),
                                        RenewedLease::Calls{.renew = renew, .release = release},
                                        since);
}

}  // namespace wechaty::puppet_storage
