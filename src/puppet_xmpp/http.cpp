// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/http.hpp"

#include <curl/curl.h>

#include <array>
#include <memory>
#include <optional>

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
  std::string body;
  std::string disposition;
  puppet::ByteSource* source = nullptr;
  std::exception_ptr failure;
};

std::size_t take(char* data, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.body.size() + size > transfer.max_bytes)
    return 0;  // chunked bodies pass curl's limit
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
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https");
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
    throw puppet::InvalidArgumentError{what + "larger than the limit of " +
                                       std::to_string(transfer.max_bytes) + " bytes"};
  }
  const std::string why = transfer.why[0] != '\0' ? transfer.why.data() : curl_easy_strerror(code);
  if (code == CURLE_OPERATION_TIMEDOUT) throw puppet::TimeoutError{what + why};
  if (code != CURLE_OK) throw puppet::Error{what + why};
  long status = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status == 404 || status == 410) {
    throw puppet::NotFoundError{what + "status " + std::to_string(status)};
  }
  if (status < 200 || status > 299) throw puppet::Error{what + "status " + std::to_string(status)};
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

}  // namespace

HttpFile http_get(const std::string& url, const HttpLimits& limits, const std::stop_token& stop) {
  Transfer transfer;
  prepare(transfer, url, limits, stop);
  CURL* const easy = transfer.easy.get();
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, 3L);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits.max_bytes));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  static_cast<void>(perform(transfer, url));
  HttpFile file{.bytes = std::move(transfer.body), .media_type = {}, .name = {}};
  const char* type = nullptr;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) file.media_type = type;
  file.name = name_in(transfer.disposition);
  return file;
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
  static_cast<void>(perform(transfer, url));
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 &&
        digit(text[i + 2]) >= 0) {
      out += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

UrlParts parse_url(std::string_view url) {
  UrlParts parts;
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return {};
  parts.scheme = url.substr(0, scheme_end);
  for (char& c : parts.scheme) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (parts.scheme != "http" && parts.scheme != "https") return {};
  std::string_view rest = url.substr(scheme_end + 3);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
  if (host.empty() || host.find_first_of("@ \\") != std::string_view::npos) return {};
  parts.host = host;
  rest.remove_prefix(host.size());
  rest = rest.substr(0, rest.find_first_of("?#"));
  if (const auto slash = rest.rfind('/'); slash != std::string_view::npos) {
    parts.name = percent_decoded(rest.substr(slash + 1));
  }
  return parts;
}

}  // namespace wechaty::puppet_xmpp
