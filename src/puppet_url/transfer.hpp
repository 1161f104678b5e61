// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "wechaty/puppet/file_box/byte_source.hpp"
#include "wechaty/puppet_url/url_resolver.hpp"

namespace wechaty::puppet_url {

enum class Method { get, head };

/// One request and the content that answers it. It moves on only while somebody waits for it in
/// one of its functions, and has no thread.
class Transfer final : public puppet::ByteSource {
 public:
  using Headers = std::map<std::string, std::string>;

  Transfer(const std::string& url, const Headers& headers, Method method,
           UrlResolverOptions options);
  ~Transfer() override;

  /// Wait for the answer, after all redirects, and the first bytes of its content.
  /// @result its HTTP status; for HEAD of any kind, for GET below 400
  /// @throws what UrlResolver::open_url() says
  long await_status();
  /// The same, and throw when the answer has no content.
  void await_content();
  [[nodiscard]] puppet::UrlDetails details() const;

  std::size_t read(std::span<std::byte> buffer) override;

 private:
  // CURL and CURLM are both void to the compiler.
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeMulti {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void configure(Method method);
  void add_header(const std::string& name, const std::string& value);
  void advance();
  void measure_speed(std::chrono::steady_clock::duration waited);
  [[noreturn]] void fail() const;
  [[nodiscard]] std::string header(const char* name) const;

  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self);
  static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);

  const std::string url_;
  const std::string shown_url_;
  const UrlResolverOptions options_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::array<char, CURL_ERROR_SIZE> why_{};
  std::vector<std::byte> buffer_;  // received, from `place_` on not yet read
  std::size_t place_ = 0;
  bool paused_ = false;  // libcurl holds back what does not fit
  bool done_ = false;
  CURLcode result_ = CURLE_OK;  // when it is done
  std::uint64_t received_ = 0;  // of the body
  std::size_t header_bytes_ = 0;
  bool too_large_ = false;
  std::string refused_;                           // the last address that may not be connected to
  std::chrono::steady_clock::duration waited_{};  // since the speed was last looked at
  std::uint64_t arrived_ = 0;                     // in that time
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
};

}  // namespace wechaty::puppet_url
