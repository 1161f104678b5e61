// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/discovery.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

using puppet::NetworkError;

constexpr std::size_t largest_answer = 64 * 1024;

std::size_t take_body(char* data, std::size_t, std::size_t size, void* user) {
  auto& body = *static_cast<std::string*>(user);
  if (body.size() + size > largest_answer) return 0;  // curl ends the transfer
  body.append(data, size);
  return size;
}

int look_at_stop(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

void init_curl_once() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw puppet::Error{"libcurl cannot be started"};
}

std::string address_in(const std::string& body, const std::string& who) {
  const auto json = nlohmann::json::parse(body, nullptr, /*allow_exceptions=*/false);
  const bool fits = json.is_object() && json.contains("host") && json["host"].is_string() &&
                    json.contains("port") && json["port"].is_number_integer();
  const std::string host = fits ? json["host"].get<std::string>() : "";
  const auto port = fits ? json["port"].get<std::int64_t>() : 0;
  if (host.empty() || port < 1 || port > 65'535) {
    throw NetworkError{who + " did not answer with a host and a port"};
  }
  const bool is_ipv6 = host.find(':') != std::string::npos && !host.starts_with('[');
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

std::string discover(const std::string& base, const std::string& token,
                     std::chrono::milliseconds timeout, const std::stop_token& stop) {
  init_curl_once();
  const std::string who = "the discovery of the puppet service at " + base;
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{curl_easy_init(),
                                                                 &curl_easy_cleanup};
  if (!easy) throw puppet::Error{"libcurl: out of memory"};
  const std::unique_ptr<char, decltype(&curl_free)> escaped{
      curl_easy_escape(easy.get(), token.data(), static_cast<int>(token.size())), &curl_free};
  const std::string url = base + "/v0/hosties/" + (escaped ? escaped.get() : "");
  std::string body;
  std::array<char, CURL_ERROR_SIZE> why{};
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &take_body);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy.get(), CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFOFUNCTION, &look_at_stop);
  curl_easy_setopt(easy.get(), CURLOPT_XFERINFODATA, &stop);
  curl_easy_setopt(easy.get(), CURLOPT_ERRORBUFFER, why.data());

  const CURLcode result = curl_easy_perform(easy.get());
  if (result == CURLE_ABORTED_BY_CALLBACK) throw puppet::CancelledError{who + ": stopped"};
  if (result != CURLE_OK) {
    throw NetworkError{who + ": " + (why[0] != '\0' ? why.data() : curl_easy_strerror(result))};
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status >= 400 && status < 500) {
    throw puppet::AuthenticationError{who + ": it does not know the token (HTTP " +
                                      std::to_string(status) + ")"};
  }
  if (status < 200 || status > 299) throw NetworkError{who + ": HTTP " + std::to_string(status)};
  return address_in(body, who);
}

}  // namespace wechaty::puppet_service
