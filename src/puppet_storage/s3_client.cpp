// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/s3_client.hpp"

#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/retry.hpp"
#include "puppet_storage/s3_signature.hpp"

namespace wechaty::puppet_storage {

using puppet::InvalidArgumentError;
using puppet::StorageError;

namespace {

/// The text of an element of S3's XML error, "" when there is none.
std::string element(const std::string& xml, const std::string& name) {
  const auto begin = xml.find("<" + name + ">");
  const auto end = xml.find("</" + name + ">");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return {};
  const auto text = begin + name.size() + 2;
  return xml.substr(text, end - text);
}

}  // namespace

S3Client::S3Client(S3Options options)
    : options_{std::move(options)},
      http_{options_.remote, {.ca_file = options_.ca_file, .cert_file = {}, .key_file = {}}} {
  if (options_.bucket.empty()) throw InvalidArgumentError{"S3Storage: there is no bucket"};
  const std::string endpoint = options_.endpoint.empty()
                                   ? "https://s3." + options_.region + ".amazonaws.com"
                                   : options_.endpoint;
  if (!endpoint.starts_with("https://") && !endpoint.starts_with("http://")) {
    throw InvalidArgumentError{"S3Storage: the endpoint has to begin with https:// or http://"};
  }
  const auto slashes = endpoint.find("://");
  protocol_ = endpoint.substr(0, slashes + 3);
  host_ = endpoint.substr(slashes + 3);
  if (host_.empty() || host_.find_first_of("@/?#") != std::string::npos) {
    throw InvalidArgumentError{
        "S3Storage: the endpoint has to be https://host[:port]; credentials and paths do not "
        "belong there"};
  }
  if (!options_.path_style) host_ = options_.bucket + "." + host_;
}

std::string S3Client::where(const std::string& object) const {
  std::string text = "s3 " + options_.bucket + "/" + object;
  if (!options_.endpoint.empty()) text += " at " + host_;
  return text;
}

HttpResponse S3Client::send(const std::string& method, const std::string& object,
                            std::string_view body, std::map<std::string, std::string> headers) {
  const std::string bucket_part = options_.path_style ? "/" + options_.bucket : "";
  const std::string time = puppet::memory::utc_stamp();
  headers["host"] = host_;
  headers["x-amz-date"] = time;
  headers["x-amz-content-sha256"] = sha256_hex(body);
  if (!options_.session_token.empty()) headers["x-amz-security-token"] = options_.session_token;
  S3Request request{.method = method,
                    .path = encode_path(bucket_part + "/" + object),
                    .headers = std::move(headers)};
  HttpRequest to_send{.method = method, .url = protocol_ + host_ + request.path, .body = body};
  if (!options_.access_key_id.empty()) {
    to_send.headers.push_back(
        "Authorization: " +
        authorization(request,
                      {options_.access_key_id, options_.secret_access_key, options_.session_token},
                      options_.region, time));
  }
  for (const auto& [name, value] : request.headers) to_send.headers.push_back(name + ": " + value);
  if (method == "PUT") to_send.headers.emplace_back("Content-Type: application/json");
  try {
    return http_.send(to_send);
  } catch (const TransientError& error) {
    throw TransientError{where(object) + ": " + error.what()};
  } catch (const StorageError& error) {
    throw StorageError{where(object) + ": " + error.what()};
  }
}

void S3Client::refuse(const std::string& object, const HttpResponse& response) const {
  const std::string code = element(response.body, "Code");
  std::string text = where(object) + ": HTTP " + std::to_string(response.status);
  if (!code.empty()) text += " " + code + ": " + element(response.body, "Message");
  if (response.status == 501) throw StorageError{text + " (it knows no conditional PUT)"};
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

bool S3Client::missing(const HttpResponse& response) {
  return response.status == 404 && element(response.body, "Code") != "NoSuchBucket";
}

bool S3Client::refused_by_condition(const HttpResponse& response, bool if_match) {
  // If-Match on an object that is gone is answered with 404.
  return response.status == 412 || (if_match && missing(response));
}

std::string S3Client::etag_of(const HttpResponse& response) {
  const auto found = response.headers.find("etag");
  return found == response.headers.end() ? std::string{} : found->second;
}

}  // namespace wechaty::puppet_storage
