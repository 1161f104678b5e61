// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/s3_storage.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/environment.hpp"
#include "puppet_storage/random_id.hpp"
#include "puppet_storage/retry.hpp"
#include "puppet_storage/s3_client.hpp"
#include "puppet_storage/s3_lease.hpp"

namespace wechaty::puppet_storage {

using puppet::ConflictError;
using puppet::DamagedDocumentError;
using puppet::InvalidArgumentError;
using puppet::LeaseLostError;
using puppet::StoredDocument;

namespace {

/// The npm package memory-card 1.1 keeps a card on `obs` (Huawei's S3) not as the object, but as
/// the text `Body` of its own request: {"Body":"{...}","Bucket":"b","Key":"k"}. Such a document is
/// unpacked; the next save stores it plainly.
void unpack_obs(std::string& text, const std::string& bucket, const std::string& key) {
  if (!text.starts_with("{\"Body\":\"")) return;
  const auto request = nlohmann::json::parse(text, nullptr, false);
  if (!request.is_object() || request.size() != 3) return;
  const auto says = [&](const char* name, const std::string& value) {
    const auto found = request.find(name);
    return found != request.end() && found->is_string() && *found == value;
  };
  const auto body = request.find("Body");
  if (says("Bucket", bucket) && says("Key", key) && body != request.end() && body->is_string()) {
    text = body->get<std::string>();
  }
}

}  // namespace

S3Options S3Options::from_url(puppet::StorageUrl url) {
  S3Options options;
  options.bucket = url.authority;
  options.endpoint = url.take("endpoint").value_or("");
  while (options.endpoint.ends_with('/')) options.endpoint.pop_back();
  options.path_style = !options.endpoint.empty();
  if (const auto style = url.take("style")) {
    if (*style != "path" && *style != "host") {
      throw InvalidArgumentError{"storage URL (s3): style has to be path or host"};
    }
    options.path_style = *style == "path";
  }
  if (const auto conditions = url.take("conditions")) {
    if (*conditions != "check" && *conditions != "headers") {
      throw InvalidArgumentError{"storage URL (s3): conditions has to be check or headers"};
    }
    if (*conditions == "headers") options.conditions = S3Conditions::headers;
  }
  if (const auto region = environment("AWS_REGION"); !region.empty()) options.region = region;
  if (const auto region = url.take("region")) options.region = *region;
  options.access_key_id = environment("AWS_ACCESS_KEY_ID");
  options.secret_access_key = environment("AWS_SECRET_ACCESS_KEY");
  options.session_token = environment("AWS_SESSION_TOKEN");
  options.ca_file = url.take("ca").value_or(environment("AWS_CA_BUNDLE"));
  take_timeout(url, options.remote);
  url.require_no_more();
  return options;
}

struct S3Storage::Impl {
  Impl(std::string object_key, S3Options options)
      : key{std::move(object_key)}, lease_key{key + ".lease"}, client{std::move(options)} {}

  [[nodiscard]] std::string describe() const { return client.where(key); }
  [[nodiscard]] const RemoteOptions& remote() const { return client.options().remote; }

  /// S3 cannot compare two objects in one request: what is under way when the lease is lost may
  /// still arrive, and is a conflict for the next holder then.
  void require_lease() {
    const std::string token = lease_token.get();
    if (token.empty() || s3_lease_is_ours(client, lease_key, token)) return;
    throw LeaseLostError{describe() +
                         ": the lease of this process is lost; another one may use the session "
                         "now"};
  }

  /// The ETag of what is stored; empty: nothing.
  std::string current_version() {
    const auto response = client.send("HEAD", key, {});
    if (response.status == 200) return S3Client::etag_of(response);
    if (!S3Client::missing(response)) client.refuse(key, response);
    return {};
  }

  std::optional<StoredDocument> load_once() {
    auto response = client.send("GET", key, {});
    if (S3Client::missing(response)) return std::nullopt;
    if (response.status != 200) client.refuse(key, response);
    std::string version = S3Client::etag_of(response);
    if (response.body.size() > max_document_bytes) {
      throw DamagedDocumentError{describe() + " is larger than a memory card may be", version};
    }
    unpack_obs(response.body, client.options().bucket, key);
    return StoredDocument{.text = std::move(response.body), .version = std::move(version)};
  }

  [[noreturn]] void conflict(const std::string& expected, const std::string& found) const {
    throw ConflictError{describe() + ": expected " + version_name(expected) + ", found " + found +
                        ": another process has written this card; reload it"};
  }

  std::string save_once(std::string_view document, const std::string& expected) {
    require_lease();
    if (client.options().conditions == S3Conditions::check_and_headers) {
      const auto found = current_version();
      if (found != expected) conflict(expected, version_name(found));
    }
    std::map<std::string, std::string> condition;
    if (expected.empty()) {
      condition["if-none-match"] = "*";
    } else {
      condition["if-match"] = expected;
    }
    const auto response = client.send("PUT", key, document, std::move(condition));
    if (S3Client::refused_by_condition(response, !expected.empty())) {
      conflict(expected, "another one");
    }
    if (response.status != 200) client.refuse(key, response);
    return S3Client::etag_of(response);
  }

  const std::string key;
  const std::string lease_key;
  S3Client client;
  SharedText lease_token;  // while this process has, or had, the lease
};

S3Storage::S3Storage(std::string key, S3Options options) {
  if (key.empty()) throw InvalidArgumentError{"S3Storage: the key is empty: s3://bucket/key"};
  impl_ = std::make_unique<Impl>(std::move(key), std::move(options));
}
S3Storage::~S3Storage() = default;

std::string S3Storage::describe() const { return impl_->describe(); }

std::optional<StoredDocument> S3Storage::load() {
  return with_retries(impl_->remote(), [&](int) { return impl_->load_once(); });
}

std::string S3Storage::save(std::string_view document, const std::string& expected_version) {
  return save_with_retries(
      impl_->remote(), document, [&] { return impl_->save_once(document, expected_version); },
      [&] { return impl_->load_once(); });
}

void S3Storage::destroy() {
  with_retries(impl_->remote(), [&](int) {
    impl_->require_lease();
    const auto response = impl_->client.send("DELETE", impl_->key, {});
    if (response.status != 204 && response.status != 200 && !S3Client::missing(response)) {
      impl_->client.refuse(impl_->key, response);
    }
  });
}

std::string S3Storage::set_aside(const std::string& expected_version) {
  const auto document = load();
  if (!document || document->version != expected_version) {
    impl_->conflict(expected_version,
                    document ? version_name(document->version) : std::string{"no document"});
  }
  // S3 cannot rename: store a copy, then delete what is still the document of then.
  const std::string name =
      impl_->key + ".damaged-" + puppet::memory::utc_stamp() + "-" + random_id(8);
  with_retries(impl_->remote(), [&](int) {
    const auto response = impl_->client.send("PUT", name, document->text);
    if (response.status != 200) impl_->client.refuse(name, response);
  });
  if (const auto found = impl_->current_version(); found != expected_version) {
    impl_->conflict(expected_version, version_name(found));
  }
  destroy();
  return impl_->client.where(name);
}

std::unique_ptr<puppet::StorageLease> S3Storage::acquire_lease(puppet::LeaseOptions options) {
  return acquire_s3_lease(impl_->client, impl_->lease_key, std::move(options), impl_->lease_token);
}

}  // namespace wechaty::puppet_storage
