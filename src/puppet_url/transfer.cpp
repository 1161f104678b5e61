// SPDX-License-Identifier: Apache-2.0
#include "puppet_url/transfer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"
#include "wechaty/puppet/version.hpp"

namespace wechaty::puppet_url {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t buffer_bytes = 256 * 1024;
constexpr std::size_t most_header_bytes = 256 * 1024;

/// curl_global_init is not thread safe in every build; this is.
void init_curl_once() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) throw puppet::Error{"libcurl cannot be started"};
}

/// Headers that say how the request itself travels, which is not up to a box.
bool is_about_the_connection(std::string_view name) {
  static constexpr std::array<std::string_view, 8> names{
      "connection", "content-length",    "expect", "host", "te",
      "trailer",    "transfer-encoding", "upgrade"};
  return std::any_of(names.begin(), names.end(), [&](std::string_view one) {
    return std::equal(one.begin(), one.end(), name.begin(), name.end(),
                      [](char a, char b) { return a == b || a == (b | 0x20); });
  });
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
  });
}

/// The IP address as text; "" for another kind of address.
std::string text_of(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* ip = nullptr;
  if (address.sa_family == AF_INET) {
    ip = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  } else if (address.sa_family == AF_INET6) {
    ip = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  }
  if (ip == nullptr || ::inet_ntop(address.sa_family, ip, text.data(), text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

}  // namespace

Transfer::Transfer(const std::string& url, const Headers& headers, Method method,
                   UrlResolverOptions options)
    : url_{url}, shown_url_{puppet::url_without_secrets(url)}, options_{std::move(options)} {
  init_curl_once();
  easy_.reset(curl_easy_init());
  multi_.reset(curl_multi_init());
  if (!easy_ || !multi_) throw puppet::Error{"libcurl: out of memory"};
  for (const auto& [name, value] : headers) {
    if (!is_header_name(name) || !is_header_value(value)) {
      throw puppet::InvalidArgumentError{"URL: the header \"" + name + "\" for " + shown_url_ +
                                         " has characters that headers cannot have"};
    }
    if (!is_about_the_connection(name)) add_header(name, value);
  }
  buffer_.reserve(buffer_bytes);
  configure(method);
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) {
    throw puppet::Error{"libcurl: out of memory"};
  }
}

Transfer::~Transfer() { curl_multi_remove_handle(multi_.get(), easy_.get()); }

void Transfer::add_header(const std::string& name, const std::string& value) {
  // libcurl takes "name:" for "leave it out", and "name;" for an empty one.
  const std::string line = value.empty() ? name + ";" : name + ": " + value;
  curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw puppet::Error{"libcurl: out of memory"};
  static_cast<void>(headers_.release());
  headers_.reset(longer);
}

void Transfer::configure(Method method) {
  CURL* const easy = easy_.get();
  const std::string agent = "wechaty-puppet-cpp/" + std::string{puppet::version()};
  curl_easy_setopt(easy, CURLOPT_URL, url_.c_str());
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(options_.max_redirects));
  // A window of HTTP/2 would hold megabytes of a transfer that is paused.
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_PROXY, "");  // would connect for us, to wherever
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Transfer::open_socket);
  curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(options_.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_FAILONERROR, method == Method::get ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_USERAGENT, agent.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, why_.data());
  curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 128L * 1024);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::take_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::take_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
  if (!options_.ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  if (method == Method::head) {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options_.max_bytes));
  }
}

// --- what libcurl calls ------------------------------------------------------------------------

std::size_t Transfer::take_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& me = *static_cast<Transfer*>(self);
  if (me.buffer_.size() + size > buffer_bytes) {
    me.paused_ = true;
    return CURL_WRITEFUNC_PAUSE;  // it comes again
  }
  // A chunked body does not say how long it will be.
  if (size > me.options_.max_bytes - me.received_) {
    me.too_large_ = true;
    return 0;
  }
  me.received_ += size;
  me.arrived_ += size;
  const auto* const bytes = reinterpret_cast<const std::byte*>(data);
  me.buffer_.insert(me.buffer_.end(), bytes, bytes + size);
  return size;
}

std::size_t Transfer::take_header(char*, std::size_t, std::size_t size, void* self) {
  auto& me = *static_cast<Transfer*>(self);
  me.header_bytes_ += size;
  me.arrived_ += size;
  return me.header_bytes_ > most_header_bytes ? 0 : size;
}

curl_socket_t Transfer::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& me = *static_cast<Transfer*>(self);
  const std::string ip = text_of(address->addr);
  try {
    if (!me.options_.may_connect(ip)) {
      me.refused_ = ip.empty() ? "no IP address" : ip;
      return CURL_SOCKET_BAD;
    }
  } catch (...) {  // must not pass through libcurl
    me.refused_ = ip;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// --- waiting -----------------------------------------------------------------------------------

/// Moves on what can be moved, and waits for more where nothing can.
void Transfer::advance() {
  int running = 0;
  const std::uint64_t before = arrived_;
  if (paused_) {
    paused_ = false;
    curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  }
  if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) {
    throw puppet::Error{"libcurl failed at " + shown_url_};
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    done_ = true;
    result_ = message->data.result;
  }
  if (done_ || arrived_ != before || !buffer_.empty()) return;
  using std::chrono::milliseconds;
  const auto patience = std::chrono::duration_cast<milliseconds>(options_.stall_timeout - waited_);
  const auto at_most = std::clamp(patience, milliseconds{1}, milliseconds{1'000});
  const auto began = Clock::now();
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(at_most.count()), nullptr);
  measure_speed(Clock::now() - began);
}

void Transfer::measure_speed(Clock::duration waited) {
  waited_ += waited;
  if (waited_ < options_.stall_timeout) return;
  const auto seconds = std::chrono::duration<double>{std::exchange(waited_, {})}.count();
  const auto arrived = static_cast<double>(std::exchange(arrived_, 0));
  if (arrived >= seconds * static_cast<double>(options_.least_bytes_per_second) && arrived > 0) {
    return;
  }
  done_ = true;
  result_ = CURLE_OPERATION_TIMEDOUT;
}

long Transfer::await_status() {
  while (!done_ && buffer_.empty()) advance();
  if (done_ && result_ != CURLE_OK && buffer_.empty()) fail();
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

void Transfer::await_content() {
  const long status = await_status();
  constexpr long first_other = 300;  // a redirect that leads nowhere; failures are thrown already
  if (status < first_other) return;
  throw puppet::NetworkError{"URL: " + shown_url_ + ": the server answered " +
                             std::to_string(status)};
}

std::size_t Transfer::read(std::span<std::byte> out) {
  if (out.empty()) return 0;
  while (buffer_.empty() && !done_) advance();
  if (buffer_.empty()) {
    if (result_ != CURLE_OK) fail();
    return 0;
  }
  const std::size_t count = std::min(out.size(), buffer_.size() - place_);
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(place_), count, out.begin());
  place_ += count;
  if (place_ == buffer_.size()) {
    buffer_.clear();
    place_ = 0;
  }
  return count;
}

// --- what came of it ---------------------------------------------------------------------------

void Transfer::fail() const {
  const std::string what = "URL: " + shown_url_ + ": ";
  const std::string why = why_.front() != '\0' ? why_.data() : curl_easy_strerror(result_);
  if (too_large_ || result_ == CURLE_FILESIZE_EXCEEDED) {
    throw puppet::TooLargeError{what + "the content has more than " +
                                std::to_string(options_.max_bytes) + " bytes"};
  }
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  switch (result_) {
    case CURLE_HTTP_RETURNED_ERROR: {
      const std::string answer = what + "the server answered " + std::to_string(status);
      if (status == 404 || status == 410) throw puppet::NotFoundError{answer};
      if (status == 408 || status == 504) throw puppet::TimeoutError{answer};
      throw puppet::NetworkError{answer};
    }
    case CURLE_OPERATION_TIMEDOUT:
      throw puppet::TimeoutError{what + "the server is too slow, or does not answer"};
    case CURLE_URL_MALFORMAT: throw puppet::InvalidArgumentError{what + "that is no URL"};
    case CURLE_UNSUPPORTED_PROTOCOL:
      throw puppet::InvalidArgumentError{what + "leads to something else than http and https"};
    case CURLE_COULDNT_CONNECT:
      if (refused_.empty()) break;
      throw puppet::InvalidArgumentError{what + "leads to the address " + refused_ +
                                         ", which may not be connected to (may_connect)"};
    default: break;
  }
  throw puppet::NetworkError{what + why};
}

std::string Transfer::header(const char* name) const {
  constexpr int of_the_last_answer = -1;
  curl_header* found = nullptr;
  if (curl_easy_header(easy_.get(), name, 0, CURLH_HEADER, of_the_last_answer, &found) !=
      CURLHE_OK) {
    return {};
  }
  return found->value;
}

puppet::UrlDetails Transfer::details() const {
  puppet::UrlDetails details{
      .name = puppet::name_in_content_disposition(header("Content-Disposition")).value_or(""),
      .media_type = header("Content-Type")};
  curl_off_t length = -1;
  curl_easy_getinfo(easy_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length >= 0) details.size = static_cast<std::uint64_t>(length);
  return details;
}

}  // namespace wechaty::puppet_url
