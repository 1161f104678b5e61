// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/strophe_stream.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <strophe.h>
#include <sys/select.h>
#include <sys/socket.h>

#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::size_t deepest_element = 64;  // what lies deeper is cut off
constexpr int turns_a_record = 5;            // libstrophe reads 4 KiB, a TLS record has 16
constexpr int most_turns = 100;              // before others have theirs
constexpr int hard_cut_turns = 50;

/// Frees a thread that waits for the network: shuts the socket down after a time, or on stop.
class BlockingGuard {
 public:
  BlockingGuard(int fd, std::chrono::milliseconds limit, const std::stop_token& stop)
      : on_stop_{stop, [this] { stop_now(); }},
        thread_{[this, fd, limit](const std::stop_token& done) {
          std::unique_lock lock{mutex_};
          changed_.wait_for(lock, done, limit, [this] { return stopped_; });
          if (!done.stop_requested()) ::shutdown(fd, SHUT_RDWR);
        }} {}

 private:
  void stop_now() {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
    }
    changed_.notify_all();
  }

  std::mutex mutex_;  // guards stopped_
  std::condition_variable_any changed_;
  bool stopped_ = false;
  std::stop_callback<std::function<void()>> on_stop_;
  std::jthread thread_;  // last: ends first
};

/// Whose it is: `of /CN=example.org, issued by /CN=..., valid from ... to ...`.
std::string describe(const xmpp_tlscert_t* certificate) {
  const auto part = [&](xmpp_cert_element_t which) -> std::string {
    const char* const text = xmpp_tlscert_get_string(certificate, which);
    return text != nullptr ? text : "?";
  };
  return "of " + part(XMPP_CERT_SUBJECT) + ", issued by " + part(XMPP_CERT_ISSUER) +
         ", valid from " + part(XMPP_CERT_NOTBEFORE) + " to " + part(XMPP_CERT_NOTAFTER);
}

Element to_element(xmpp_stanza_t* stanza, std::size_t depth) {
  Element element;
  element.name = xmpp_stanza_get_name(stanza);
  const int count = xmpp_stanza_get_attribute_count(stanza);
  if (count > 0) {
    std::vector<const char*> pairs(static_cast<std::size_t>(count) * 2);
    const int filled = xmpp_stanza_get_attributes(stanza, pairs.data(), count * 2);
    for (int i = 0; i + 1 < filled; i += 2) {
      const char* const value = pairs[static_cast<std::size_t>(i) + 1];
      const std::string_view key = pairs[static_cast<std::size_t>(i)];
      if (key == "xmlns") {
        element.xmlns = value;
      } else {
        element.attributes.emplace_back(key, value);
      }
    }
  }
  for (auto* child = xmpp_stanza_get_children(stanza); child != nullptr;
       child = xmpp_stanza_get_next(child)) {
    if (xmpp_stanza_is_text(child) != 0) {
      element.text += xmpp_stanza_get_text_ptr(child);
    } else if (depth < deepest_element) {
      element.children.push_back(to_element(child, depth + 1));
    }
  }
  return element;
}

}  // namespace

struct StropheStream::Strophe {
  const XmppOptions& options;
  StreamListener& listener;
  std::stop_token stop;
  xmpp_ctx_t* context = nullptr;
  xmpp_conn_t* connection = nullptr;
  int fd = -1;
  bool connecting = false;
  bool closed = true;
  bool unread = false;  // TLS may hold more
  std::string tls_problem;

  // libstrophe calls some functions without user data; all calls are on the loop's thread.
  static thread_local Strophe* current;

  static int on_socket(xmpp_conn_t*, void* socket) {
    const int descriptor = *static_cast<int*>(socket);
    if (descriptor >= FD_SETSIZE) return -1;  // libstrophe's select() would abort the process
    if (current != nullptr) current->fd = descriptor;
    // A small stanza is not to wait until the server acknowledges the packet before.
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
  }
  static int on_bad_certificate(const xmpp_tlscert_t* certificate, const char* why) {
    if (current != nullptr) current->tls_problem = why + (", " + describe(certificate));
    return 0;  // and nobody may say otherwise
  }
  static int on_stanza(xmpp_conn_t*, xmpp_stanza_t* stanza, void* user) {
    auto& self = *static_cast<Strophe*>(user);
    try {
      self.listener.on_element(to_element(stanza, 0));
    } catch (...) {  // C frames lie between; the listener reports its own failures
    }
    return 1;
  }
  static void on_event(xmpp_conn_t*, xmpp_conn_event_t event, int, xmpp_stream_error_t*,
                       void* user) {
    auto& self = *static_cast<Strophe*>(user);
    switch (event) {
      case XMPP_CONN_RAW_CONNECT:
        self.connecting = false;
        self.listener.on_connected();
        break;
      case XMPP_CONN_CONNECT: self.listener.on_opened(); break;
      default:
        self.connecting = false;
        if (!std::exchange(self.closed, true)) self.listener.on_closed();
    }
  }

  [[nodiscard]] bool is_readable() const {
    pollfd place{.fd = fd, .events = POLLIN, .revents = 0};
    return ::poll(&place, 1, 0) > 0 && (place.revents & POLLIN) != 0;
  }
  void run_once() {
    current = this;
    xmpp_run_once(context, 0);
    current = nullptr;
  }
};

thread_local StropheStream::Strophe* StropheStream::Strophe::current = nullptr;

StropheStream::StropheStream(const XmppOptions& options, const Jid& account,
                             StreamListener& listener, std::stop_token stop)
    : strophe_{std::make_unique<Strophe>(
          Strophe{.options = options, .listener = listener, .stop = std::move(stop)})} {
  static std::mutex mutex;  // the first connection object sets a static pointer of libstrophe
  const std::lock_guard lock{mutex};
  static const bool initialised = (xmpp_initialize(), true);
  static_cast<void>(initialised);
  strophe_->context = xmpp_ctx_new(nullptr, nullptr);  // no logger: its logs hold credentials
  strophe_->connection = xmpp_conn_new(strophe_->context);
  xmpp_conn_t* const connection = strophe_->connection;
  xmpp_conn_set_jid(connection, account.bare().c_str());
  xmpp_conn_set_flags(connection, XMPP_CONN_FLAG_MANDATORY_TLS | XMPP_CONN_FLAG_DISABLE_SM);
  if (!options.ca_file.empty()) xmpp_conn_set_cafile(connection, options.ca_file.c_str());
  xmpp_conn_set_certfail_handler(connection, &Strophe::on_bad_certificate);
  xmpp_conn_set_sockopt_callback(connection, &Strophe::on_socket);
  xmpp_handler_add(connection, &Strophe::on_stanza, nullptr, nullptr, nullptr, strophe_.get());
}

StropheStream::~StropheStream() {
  cut();
  xmpp_conn_release(strophe_->connection);
  xmpp_ctx_free(strophe_->context);
}

bool StropheStream::connect(const Endpoint& endpoint) {
  Strophe::current = strophe_.get();
  strophe_->closed = false;
  strophe_->connecting = true;
  const int result = xmpp_connect_raw(strophe_->connection, endpoint.host.c_str(), endpoint.port,
                                      &Strophe::on_event, strophe_.get());
  Strophe::current = nullptr;
  if (result == XMPP_EOK) return true;
  strophe_->closed = true;
  return false;
}

void StropheStream::wait(int wake, std::chrono::milliseconds limit) {
  std::array<pollfd, 2> places{};
  places[0] = {.fd = wake, .events = POLLIN, .revents = 0};
  const bool writing = strophe_->connecting || xmpp_conn_send_queue_len(strophe_->connection) > 0;
  places[1] = {.fd = strophe_->fd,
               .events = static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN),
               .revents = 0};
  ::poll(places.data(), places.size(), strophe_->unread ? 0 : static_cast<int>(limit.count()));
  // At least two: what is written in one turn is sent in the next. What TLS has decrypted already
  // makes no socket readable, so there are as many turns as a record needs after the last read.
  int left = strophe_->unread || (places[1].revents & POLLIN) != 0 ? turns_a_record : 2;
  for (int turn = 0; left > 0 && turn < most_turns && !strophe_->closed; ++turn, --left) {
    if (turn > 0 && strophe_->is_readable()) left = turns_a_record;
    strophe_->run_once();
  }
  strophe_->unread = left > 0;
}

void StropheStream::cut() {
  if (strophe_->closed) return;
  if (strophe_->fd >= 0) ::shutdown(strophe_->fd, SHUT_RDWR);
  for (int i = 0; i < hard_cut_turns && !strophe_->closed; ++i) strophe_->run_once();
  if (!std::exchange(strophe_->closed, true)) strophe_->listener.on_closed();
}

bool StropheStream::is_closed() const { return strophe_->closed; }
const std::string& StropheStream::tls_problem() const { return strophe_->tls_problem; }

void StropheStream::open() { xmpp_conn_open_stream_default(strophe_->connection); }

bool StropheStream::start_tls() {
  const BlockingGuard guard{strophe_->fd, strophe_->options.login_timeout, strophe_->stop};
  Strophe* const outer = std::exchange(Strophe::current, strophe_.get());
  const bool done = xmpp_conn_tls_start(strophe_->connection) == XMPP_EOK;
  Strophe::current = outer;
  return done;
}

void StropheStream::write(std::string_view xml) {
  if (!strophe_->closed) xmpp_send_raw(strophe_->connection, xml.data(), xml.size());
}

void StropheStream::close() { xmpp_disconnect(strophe_->connection); }

}  // namespace wechaty::puppet_xmpp
