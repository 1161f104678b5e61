// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "puppet_storage/http_client.hpp"
#include "wechaty/puppet_storage/s3_storage.hpp"

namespace wechaty::puppet_storage {

/// Signed requests for the objects of one bucket, over one connection.
class S3Client {
 public:
  /// @throws InvalidArgumentError without a bucket, or for an endpoint that is no http(s) address
  explicit S3Client(S3Options options);

  /// Any status is an answer. @throws TransientError when there is none
  HttpResponse send(const std::string& method, const std::string& object, std::string_view body,
                    std::map<std::string, std::string> headers = {});

  /// What to throw for an answer that is no success. @throws TransientError, StorageError
  [[noreturn]] void refuse(const std::string& object, const HttpResponse& response) const;

  /// A missing object is no error, a missing bucket is.
  [[nodiscard]] static bool missing(const HttpResponse& response);
  /// Whether a conditional PUT was not done because the object is another one, or gone.
  [[nodiscard]] static bool refused_by_condition(const HttpResponse& response, bool if_match);
  [[nodiscard]] static std::string etag_of(const HttpResponse& response);

  /// "s3 bucket/key", with the host where it is not AWS's.
  [[nodiscard]] std::string where(const std::string& object) const;
  [[nodiscard]] const S3Options& options() const noexcept { return options_; }

 private:
  const S3Options options_;
  HttpClient http_;
  std::string protocol_;  // "https://"
  std::string host_;      // with the bucket in host style
};

}  // namespace wechaty::puppet_storage
