// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/s3_storage.hpp"

#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/environment.hpp"
#include "puppet_storage/http_client.hpp"
#include "puppet_storage/random_id.hpp"
#include "puppet_storage/retry.hpp"
#include "puppet_storage/s3_signature.hpp"

namespace wechaty::puppet_storage {

using puppet::ConflictError;
using puppet::DamagedDocumentError;
using puppet::InvalidArgumentError;
using puppet::StorageError;
using puppet::StoredDocument;

namespace {

/// The text of an element of S3's XML error, "" when there is none.
std::string element(const std::string& xml, const std::string& name) {
  const auto begin = xml.find("<" + name + ">");
  const auto end = xml.find("</" + name + ">");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  const auto text = begin + name.size() + 2;
  return xml.substr(text, end - text);
}

std::string etag_of(const HttpResponse& response) {
  const auto found = response.headers.find("etag");
  return found == response.headers.end() ? std::string{} : found->second;
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
  options.ca_file = url.take("ca").value_or("");
  take_timeout(url, options.remote);
  url.require_no_more();
  return options;
}

struct S3Storage::Impl {
  Impl(std::string object_key, S3Options s3_options)
      : key{std::move(object_key)},
        options{std::move(s3_options)},
        http{options.remote, {.ca_file = options.ca_file, .cert_file = {}, .key_file = {}}} {
    std::string endpoint = options.endpoint.empty()
                               ? "https://s3." + options.region + ".amazonaws.com"
                               : options.endpoint;
    const auto slashes = endpoint.find("://");
    if (slashes == std::string::npos) {
      throw InvalidArgumentError{"S3Storage: the endpoint has to begin with https:// or http://"};
    }
    protocol = endpoint.substr(0, slashes + 3);
    host = endpoint.substr(slashes + 3);
    if (!options.path_style) host = options.bucket + "." + host;
  }

  [[nodiscard]] std::string describe() const { return "s3 " + options.bucket + "/" + key; }

  HttpResponse send(const std::string& method, const std::string& object, std::string_view body,
                    std::map<std::string, std::string> headers = {}) {
    const std::string bucket_part = options.path_style ? "/" + options.bucket : "";
    const std::string time = puppet::memory::utc_stamp();
    headers["host"] = host;
    headers["x-amz-date"] = time;
    headers["x-amz-content-sha256"] = sha256_hex(body);
    if (!options.session_token.empty()) headers["x-amz-security-token"] = options.session_token;
    S3Request request{.method = method,
                      .path = encode_path(bucket_part + "/" + object),
                      .headers = std::move(headers)};
    HttpRequest to_send{.method = method, .url = protocol + host + request.path, .body = body};
    if (!options.access_key_id.empty()) {
      to_send.headers.push_back(
          "Authorization: " +
          authorization(request,
                        {options.access_key_id, options.secret_access_key, options.session_token},
                        options.region, time));
    }
    for (const auto& [name, value] : request.headers)
      to_send.headers.push_back(name + ": " + value);
    if (method == "PUT") to_send.headers.emplace_back("Content-Type: application/json");
    try {
      return http.send(to_send);
    } catch (const TransientError& error) {
      throw TransientError{describe() + ": " + error.what()};
    }
  }

  [[noreturn]] void refuse(const HttpResponse& response) const {
    const std::string code = element(response.body, "Code");
    std::string text = describe() + ": HTTP " + std::to_string(response.status);
    if (!code.empty()) text += " " + code + ": " + element(response.body, "Message");
    // 409 and 503 SlowDown ask for another try.
    if (response.status >= 500 || response.status == 429 || response.status == 409) {
      throw TransientError{text};
    }
    if (response.status == 401 || response.status == 403) {
      text += " (credentials are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)";
    }
    if (response.status >= 300 && response.status < 400) text += " (is the region right?)";
    throw StorageError{text};
  }

  /// A missing object is no error, a missing bucket is.
  [[nodiscard]] static bool missing(const HttpResponse& response) {
    return response.status == 404 && element(response.body, "Code") != "NoSuchBucket";
  }

  /// The ETag of what is stored; empty: nothing.
  std::string current_version() {
    const auto response = send("HEAD", key, {});
    if (response.status == 200) return etag_of(response);
    if (!missing(response)) refuse(response);
    return {};
  }

  std::optional<StoredDocument> load_once() {
    auto response = send("GET", key, {});
    if (missing(response)) return std::nullopt;
    if (response.status != 200) refuse(response);
    std::string version = etag_of(response);
    if (response.body.size() > max_document_bytes) {
      throw DamagedDocumentError{describe() + " is larger than a memory card may be", version};
    }
    return StoredDocument{.text = std::move(response.body), .version = std::move(version)};
  }

  [[noreturn]] void conflict(const std::string& expected, const std::string& found) const {
    throw ConflictError{describe() + ": expected " + version_name(expected) + ", found " + found +
                        ": another process has written this card; reload it"};
  }

  std::string save_once(std::string_view document, const std::string& expected) {
    if (options.conditions == S3Conditions::check_and_headers) {
      const auto found = current_version();
      if (found != expected) conflict(expected, version_name(found));
    }
    std::map<std::string, std::string> condition;
    if (expected.empty()) {
      condition["if-none-match"] = "*";
    } else {
      condition["if-match"] = expected;
    }
    const auto response = send("PUT", key, document, std::move(condition));
    // If-Match on an object that is gone is answered with 404.
    if (response.status == 412 || (missing(response) && !expected.empty())) {
      conflict(expected, "another one");
    }
    if (response.status != 200) refuse(response);
    return etag_of(response);
  }

  const std::string key;
  const S3Options options;
  HttpClient http;
  std::string protocol;  // "https://"
  std::string host;      // with the bucket in host style
};

S3Storage::S3Storage(std::string key, S3Options options) {
  if (key.empty()) throw InvalidArgumentError{"S3Storage: the key is empty: s3://bucket/key"};
  if (options.bucket.empty()) throw InvalidArgumentError{"S3Storage: there is no bucket"};
  impl_ = std::make_unique<Impl>(std::move(key), std::move(options));
}
S3Storage::~S3Storage() = default;

std::string S3Storage::describe() const { return impl_->describe(); }

std::optional<StoredDocument> S3Storage::load() {
  return with_retries(impl_->options.remote, [&](int) { return impl_->load_once(); });
}

std::string S3Storage::save(std::string_view document, const std::string& expected_version) {
  return save_with_retries(
      impl_->options.remote, document, [&] { return impl_->save_once(document, expected_version); },
      [&] { return impl_->load_once(); });
}

void S3Storage::destroy() {
  with_retries(impl_->options.remote, [&](int) {
    const auto response = impl_->send("DELETE", impl_->key, {});
    if (response.status != 204 && response.status != 200 && !Impl::missing(response)) {
      impl_->refuse(response);
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
  with_retries(impl_->options.remote, [&](int) {
    const auto response = impl_->send("PUT", name, document->text);
    if (response.status != 200) impl_->refuse(response);
  });
  if (const auto found = impl_->current_version(); found != expected_version) {
    impl_->conflict(expected_version, version_name(found));
  }
  destroy();
  return "s3 " + impl_->options.bucket + "/" + name;
}

}  // namespace wechaty::puppet_storage
