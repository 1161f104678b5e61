// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/etcd_storage.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/base64.hpp"
#include "puppet_storage/environment.hpp"
#include "puppet_storage/etcd_client.hpp"
#include "puppet_storage/random_id.hpp"
#include "puppet_storage/renewed_lease.hpp"
#include "puppet_storage/retry.hpp"

namespace wechaty::puppet_storage {

using nlohmann::json;
using puppet::ConflictError;
using puppet::InvalidArgumentError;
using puppet::LeaseLostError;
using puppet::LeaseOptions;
using puppet::StorageError;
using puppet::StoredDocument;

namespace {

json compare(const std::string& key, const char* target, const char* field,
             const std::string& revision) {
  return {{"key", to_base64(key)}, {"target", target}, {"result", "EQUAL"}, {field, revision}};
}
json compare_create(const std::string& key, const std::string& revision) {
  return compare(key, "CREATE", "create_revision", revision);
}
/// An empty version stands for "not there", which etcd calls revision 0.
json compare_mod(const std::string& key, const std::string& version) {
  return compare(key, "MOD", "mod_revision", version.empty() ? "0" : version);
}
json put(const std::string& key, std::string_view value) {
  return {{"request_put", {{"key", to_base64(key)}, {"value", to_base64(value)}}}};
}
json range(const std::string& key) { return {{"key", to_base64(key)}}; }
/// Its metadata only: a document need not travel to say that it is another one.
json range_of_metadata(const std::string& key) {
  return {{"request_range", {{"key", to_base64(key)}, {"keys_only", true}}}};
}
json delete_key(const std::string& key) {
  return {{"request_delete_range", {{"key", to_base64(key)}}}};
}

/// The first key-value of a range, or nullopt.
std::optional<json> first_of(const json& answer) {
  const auto kvs = answer.find("kvs");
  if (kvs == answer.end() || kvs->empty()) return std::nullopt;
  return kvs->front();
}

std::string value_of(const std::string& where, const json& kv) {
  auto value = from_base64(kv.value("value", std::string{}));
  if (!value) throw StorageError{where + " answers, but not as etcd does"};
  return std::move(*value);
}

bool succeeded(const json& answer) { return answer.value("succeeded", false); }

}  // namespace

EtcdOptions EtcdOptions::from_url(puppet::StorageUrl url) {
  EtcdOptions options;
  const std::string protocol = url.scheme == "etcds" ? "https://" : "http://";
  options.endpoints.clear();
  std::string hosts = url.authority.empty() ? "127.0.0.1" : url.authority;
  while (!hosts.empty()) {
    const auto comma = std::min(hosts.find(','), hosts.size());
    std::string host = hosts.substr(0, comma);
    hosts.erase(0, comma + 1);
    if (host.empty()) throw InvalidArgumentError{"storage URL (etcd): an empty host"};
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
    if (!has_port) {
      host += ":2379";
    } else {
      (void)number_in_url("etcd", "port", host.substr(colon + 1), 1, 65535);
    }
    options.endpoints.push_back(protocol + host);
  }
  options.user = url.user;
  options.password = environment("WECHATY_PUPPET_ETCD_PASSWORD");
  options.ca_file = url.take("ca").value_or(environment("WECHATY_PUPPET_ETCD_CA_FILE"));
  options.cert_file = url.take("cert").value_or(environment("WECHATY_PUPPET_ETCD_CERT_FILE"));
  options.key_file = url.take("key").value_or(environment("WECHATY_PUPPET_ETCD_KEY_FILE"));
  take_timeout(url, options.remote);
  url.require_no_more();
  return options;
}

struct EtcdStorage::Impl {
  Impl(std::string card_key, EtcdOptions options)
      : key{std::move(card_key)}, lease_key{key + ".lease"}, client{std::move(options)} {}

  [[nodiscard]] std::string describe() const { return client.where() + " key " + key; }

  std::optional<StoredDocument> load_once() {
    const auto kv = first_of(client.call("kv/range", range(key)));
    if (!kv) return std::nullopt;
    return StoredDocument{.text = value_of(describe(), *kv),
                          .version = etcd_number(*kv, "mod_revision")};
  }

  /// A transaction that also compares our lease, if we have one. When it fails, says why.
  json guarded(json comparisons, json success, const std::string& expected) {
    const std::string lease = lease_revision.get();
    if (!lease.empty()) comparisons.push_back(compare_create(lease_key, lease));
    auto answer = client.call(
        "kv/txn", {{"compare", std::move(comparisons)},
                   {"success", std::move(success)},
                   {"failure", {range_of_metadata(key), range_of_metadata(lease_key)}}});
    if (succeeded(answer)) return answer;
    const auto& responses = answer.at("responses");
    const auto holder = first_of(responses.at(1).at("response_range"));
    if (!lease.empty() && (!holder || etcd_number(*holder, "create_revision") != lease)) {
      throw LeaseLostError{describe() +
                           ": the lease of this process is lost; another one may use "
                           "the session now"};
    }
    const auto stored = first_of(responses.at(0).at("response_range"));
    throw ConflictError{describe() + ": expected " + version_name(expected) + ", found " +
                        version_name(stored ? etcd_number(*stored, "mod_revision") : "") +
                        ": another process has written this card; reload it"};
  }

  const std::string key;
  const std::string lease_key;
  EtcdClient client;
  SharedText lease_revision;  // create_revision of our lease key while we have, or had, one
};

EtcdStorage::EtcdStorage(std::string key, EtcdOptions options) {
  if (key.empty()) throw InvalidArgumentError{"EtcdStorage: the key is empty: etcd://host/key"};
  impl_ = std::make_unique<Impl>(std::move(key), std::move(options));
}
EtcdStorage::~EtcdStorage() = default;

std::string EtcdStorage::describe() const { return impl_->describe(); }

std::optional<StoredDocument> EtcdStorage::load() {
  return with_retries(impl_->client.options().remote, [&](int) { return impl_->load_once(); });
}

std::string EtcdStorage::save(std::string_view document, const std::string& expected_version) {
  const auto& options = impl_->client.options();
  const std::size_t request_size = document.size() + impl_->key.size() + 512;
  if (request_size > options.max_request_bytes) {
    throw StorageError{describe() + ": the card has " + std::to_string(document.size()) +
                       " bytes, and the server takes requests of " +
                       std::to_string(options.max_request_bytes) +
                       " (raise --max-request-bytes there and max_request_bytes here, or use "
                       "another storage)"};
  }
  const auto once = [&] {
    const auto answer = impl_->guarded(json::array({compare_mod(impl_->key, expected_version)}),
                                       json::array({put(impl_->key, document)}), expected_version);
    return etcd_number(answer.at("header"), "revision");
  };
  return save_with_retries(options.remote, document, once, [&] { return impl_->load_once(); });
}

void EtcdStorage::destroy() {
  with_retries(impl_->client.options().remote, [&](int) {
    (void)impl_->guarded(json::array(), json::array({delete_key(impl_->key)}), {});
  });
}

std::string EtcdStorage::set_aside(const std::string& expected_version) {
  // Not repeated: a second attempt could not tell its own success from a conflict.
  const auto kv = first_of(impl_->client.call("kv/range", range(impl_->key)));
  const std::string name =
      impl_->key + ".damaged-" + puppet::memory::utc_stamp() + "-" + random_id(8);
  const std::string found = kv ? etcd_number(*kv, "mod_revision") : "";
  if (found != expected_version || !kv) {
    throw ConflictError{describe() + ": expected " + version_name(expected_version) + ", found " +
                        version_name(found) + ": it is not set aside"};
  }
  (void)impl_->guarded(json::array({compare_mod(impl_->key, expected_version)}),
                       json::array({put(name, value_of(describe(), *kv)), delete_key(impl_->key)}),
                       expected_version);
  return "etcd key " + name;
}

std::unique_ptr<puppet::StorageLease> EtcdStorage::acquire_lease(LeaseOptions options) {
  if (options.owner.empty()) options.owner = puppet::memory::default_owner();
  auto& client = impl_->client;
  const auto since = RenewedLease::Clock::now();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.ttl).count();
  const auto granted = with_retries(client.options().remote, [&](int) {
    return client.call("lease/grant", {{"TTL", seconds}});
  });
  const std::string id = etcd_number(granted, "ID");

  json with_lease = put(impl_->lease_key, options.owner);
  with_lease["request_put"]["lease"] = id;
  const json transaction{{"compare", json::array({compare_create(impl_->lease_key, "0")})},
                         {"success", json::array({with_lease})},
                         {"failure", json::array({{{"request_range", range(impl_->lease_key)}}})}};
  const auto answer = with_retries(client.options().remote,
                                   [&](int) { return client.call("kv/txn", transaction); });
  std::string revision;
  if (succeeded(answer)) {
    revision = etcd_number(answer.at("header"), "revision");
  } else {
    const auto holder = first_of(answer.at("responses").at(0).at("response_range"));
    if (holder && etcd_number(*holder, "lease") == id) {  // our own attempt, its answer was lost
      revision = etcd_number(*holder, "create_revision");
    } else {
      (void)client.call("lease/revoke", {{"ID", id}});
      throw ConflictError{describe() + " is in use by " +
                          (holder ? value_of(describe(), *holder) : std::string{"somebody"})};
    }
  }
  impl_->lease_revision.set(revision);

  // A connection of its own: a long save must not keep the lease from being renewed.
  auto own = std::make_shared<EtcdClient>(client.options());
  const auto renew = [own, id, revision, key = impl_->lease_key] {
    const auto kept = own->call("lease/keepalive", {{"ID", id}});
    if (etcd_number(kept.value("result", json::object()), "TTL") == "0") return false;
    const auto held = first_of(own->call("kv/range", range(key)));
    return held && etcd_number(*held, "create_revision") == revision;
  };
  const auto release = [own, id, revision, shared = impl_->lease_revision] {
    shared.clear_if(revision);
    (void)own->call("lease/revoke", {{"ID", id}});
  };
  return std::make_unique<RenewedLease>(std::stoull(revision), std::move(options),
                                        RenewedLease::Calls{.renew = renew, .release = release},
                                        since);
}

}  // namespace wechaty::puppet_storage
