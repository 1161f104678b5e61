// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/http.hpp"

#include <curl/curl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "puppet_xmpp/public_address.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

struct Easy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// One transfer, with what its callbacks need.
struct Transfer {
  std::unique_ptr<CURL, Easy> easy;
  std::unique_ptr<curl_slist, FreeList> headers;
  std::array<char, CURL_ERROR_SIZE> why{};
  std::stop_token stop;
  std::uint64_t max_bytes = 0;
  bool only_public = false;
  bool refused = false;  // an address that is not public
  std::string body;
  std::string disposition;
  puppet::ByteSource* source = nullptr;
  std::exception_ptr failure;
};

std::size_t take(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (size > transfer.max_bytes - transfer.body.size()) return 0;  // chunked: no length was said
  transfer.body.append(data, size);
  return size;
}

std::size_t take_header(char* data, std::size_t, std::size_t size, void* user) {
  constexpr std::string_view wanted = "content-disposition:";
  const std::string_view line{data, size};
  bool same = line.size() > wanted.size();
  for (std::size_t i = 0; same && i < wanted.size(); ++i) {
    const char c = line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] + 32) : line[i];
    same = c == wanted[i];
  }
  if (same) static_cast<Transfer*>(user)->disposition = line.substr(wanted.size());
  return size;
}

std::size_t give(char* buffer, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  try {
    return transfer.source->read({reinterpret_cast<std::byte*>(buffer), size});
  } catch (...) {
    transfer.failure = std::current_exception();
    return CURL_READFUNC_ABORT;
  }
}

/// The address that curl has found is the one that is checked, whatever a name server says next.
curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.only_public && !is_public(address->addr)) {
    transfer.refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

int watch(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Transfer*>(user)->stop.stop_requested() ? 1 : 0;
}

void prepare(Transfer& transfer, const std::string& url, const HttpLimits& limits,
             const std::stop_token& stop) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (initialised != CURLE_OK) throw puppet::Error{"libcurl cannot be started"};
  transfer.easy.reset(curl_easy_init());
  if (!transfer.easy) throw puppet::Error{"libcurl: out of memory"};
  transfer.stop = stop;
  transfer.max_bytes = limits.max_bytes;
  CURL* const easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);  // each redirect is looked at
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.stall.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(
      easy, CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(std::chrono::ceil<std::chrono::seconds>(limits.stall).count()));
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.why.data());
  curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &watch);
  curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  if (!limits.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, limits.ca_file.c_str());
}

/// @result the status
long perform(Transfer& transfer, const std::string& url) {
  const CURLcode code = curl_easy_perform(transfer.easy.get());
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  const std::string what = "\"" + url + "\": ";
  if (code == CURLE_ABORTED_BY_CALLBACK) {
    throw puppet::CancelledError{what + "the puppet was stopped"};
  }
  if (code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED) {
    throw puppet::TooLargeError{what + "larger than the limit of " +
                                std::to_string(transfer.max_bytes) + " bytes"};
  }
  if (code != CURLE_OK && transfer.refused) {
    throw puppet::InvalidArgumentError{what + "not fetched: its address is not a public one"};
  }
  const std::string why = transfer.why[0] != '\0' ? transfer.why.data() : curl_easy_strerror(code);
  if (code == CURLE_OPERATION_TIMEDOUT) throw puppet::TimeoutError{what + why};
  if (code != CURLE_OK) throw puppet::NetworkError{what + why};
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 404 || status == 410) {
    throw puppet::NotFoundError{what + "status " + std::to_string(status)};
  }
  if (status < 200 || status > 399) {
    throw puppet::NetworkError{what + "status " + std::to_string(status)};
  }
  return status;
}

/// The file name in a Content-Disposition header (RFC 6266), the extended form first.
std::string name_in(std::string_view disposition) {
  for (const std::string_view key : {"filename*=UTF-8''", "filename*=utf-8''", "filename="}) {
    auto place = disposition.find(key);
    if (place == std::string_view::npos) continue;
    std::string_view value = disposition.substr(place + key.size());
    if (value.starts_with('"')) {
      value = value.substr(1, value.find('"', 1) - 1);
      return std::string{value};
    }
    value = value.substr(0, value.find_first_of("; \r\n"));
    return percent_decoded(value);
  }
  return {};
}

HttpFile file_of(Transfer& transfer) {
  HttpFile file{.bytes = std::move(transfer.body), .media_type = {}, .name = {}};
  const char* type = nullptr;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) file.media_type = type;
  file.name = name_in(transfer.disposition);
  return file;
}

}  // namespace

HttpFile http_get(const std::string& url, const std::string& own, const HttpLimits& limits,
                  const std::stop_token& stop) {
  constexpr int most_redirects = 5;
  const auto deadline = std::chrono::steady_clock::now() + limits.total;
  std::string place = url;
  for (int redirects = 0; redirects <= most_redirects; ++redirects) {
    const std::string origin = origin_of(place);
    const bool is_own = !origin.empty() && origin == own;
    if (!origin.starts_with("https:") && !(is_own && redirects == 0)) {
      throw puppet::InvalidArgumentError{"\"" + url + "\" is not fetched: \"" + place +
                                         "\" is neither https nor the account's own storage"};
    }
    Transfer transfer;
    prepare(transfer, place, limits, stop);
    transfer.only_public = !is_own;
    CURL* const easy = transfer.easy.get();
    const auto rest =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(rest.count(), 1L)));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.max_bytes));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    if (perform(transfer, place) < 300) return file_of(transfer);
    const char* next = nullptr;
    curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &next);
    if (next == nullptr) throw puppet::NetworkError{"\"" + place + "\": a redirect to nowhere"};
    place = next;
  }
  throw puppet::NetworkError{"\"" + url + "\": more than " + std::to_string(most_redirects) +
                             " redirects"};
}

void http_put(const std::string& url,
              const std::vector<std::pair<std::string, std::string>>& headers,
              puppet::ByteSource& content, std::uint64_t size, const HttpLimits& limits,
              const std::stop_token& stop) {
  Transfer transfer;
  HttpLimits answer = limits;
  answer.max_bytes = 1U << 20U;  // of what the server says to it
  prepare(transfer, url, answer, stop);
  transfer.source = &content;
  CURL* const easy = transfer.easy.get();
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(transfer.headers.get(), line.c_str());
    if (longer == nullptr) throw puppet::Error{"libcurl: out of memory"};
    static_cast<void>(transfer.headers.release());
    transfer.headers.reset(longer);
  };
  for (const auto& [name, value] : headers) add(name + ": " + value);
  add("Expect:");
  curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
  curl_easy_setopt(easy, CURLOPT_READFUNCTION, &give);
  curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.headers.get());
  if (const long status = perform(transfer, url); status > 299) {
    throw puppet::NetworkError{"\"" + url + "\": status " + std::to_string(status)};
  }
}

}  // namespace wechaty::puppet_xmpp
