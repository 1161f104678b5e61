// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/discovery.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "support/server_process.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace std::chrono_literals;

/// An authority that answers one request, and keeps what it was asked.
class Authority {
 public:
  explicit Authority(std::string answer) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, length) != 0 || ::listen(socket_, 1) != 0 ||
        ::getsockname(socket_, generic, &length) != 0) {
      throw std::runtime_error{"no port"};
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this, answer = std::move(answer)] {
      const int peer = ::accept(socket_, nullptr, nullptr);
      if (peer < 0) return;
      char buffer[4096];
      while (request_.find("\r\n\r\n") == std::string::npos) {
        const ssize_t count = ::read(peer, buffer, sizeof buffer);
        if (count <= 0) break;
        request_.append(buffer, static_cast<std::size_t>(count));
      }
      if (!answer.empty()) {
        static_cast<void>(!::write(peer, answer.data(), answer.size()));
      } else {
        static_cast<void>(::read(peer, buffer, sizeof buffer));  // until the client gives up
      }
      ::close(peer);
    }};
  }
  ~Authority() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }
  /// The first line of the request; after discover() has returned.
  [[nodiscard]] std::string asked() const { return request_.substr(0, request_.find('\r')); }

 private:
  int socket_ = -1;
  int port_ = 0;
  std::string request_;
  std::jthread thread_;
};

std::string http(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

std::string ask(const Authority& authority, std::chrono::milliseconds timeout = 5s) {
  return discover(authority.base(), "a_1", timeout, {});
}

TEST(Discovery, AsksForTheTokenAndGetsAnAddress) {
  const Authority authority{http("200 OK", R"({"host":"10.1.2.3","port":8788})")};
  EXPECT_EQ(ask(authority), "10.1.2.3:8788");
  EXPECT_EQ(authority.asked(), "GET /v0/hosties/a_1 HTTP/1.1");
}

TEST(Discovery, AnAddressOfIpv6GetsItsBrackets) {
  const Authority authority{http("200 OK", R"({"host":"::1","port":8788})")};
  EXPECT_EQ(ask(authority), "[::1]:8788");
}

TEST(Discovery, AnUnknownTokenIsRefused) {
  const Authority authority{http("404 Not Found", "")};
  EXPECT_THROW(static_cast<void>(ask(authority)), puppet::AuthenticationError);
}

TEST(Discovery, AFailureOrAnotherAnswerIsTheNetworks) {
  for (const auto& answer :
       {http("500 Oops", "{}"), http("302 Found", ""), http("200 OK", "no JSON"),
        http("200 OK", R"({"host":"","port":1})"), http("200 OK", R"({"host":"h","port":70000})"),
        http("200 OK", "[]"), http("200 OK", std::string(100'000, ' '))}) {
    const Authority authority{answer};
    EXPECT_THROW(static_cast<void>(ask(authority)), puppet::NetworkError) << answer.substr(0, 80);
  }
}

TEST(Discovery, NobodyThereIsTheNetworks) {
  const std::string base = "http://127.0.0.1:" + std::to_string(puppet::test::free_port());
  EXPECT_THROW(static_cast<void>(discover(base, "a_1", 5s, {})), puppet::NetworkError);
}

TEST(Discovery, DoesNotWaitForEver) {
  const Authority authority{""};
  EXPECT_THROW(static_cast<void>(ask(authority, 200ms)), puppet::NetworkError);
}

TEST(Discovery, StopCutsItShort) {
  const Authority authority{""};
  std::stop_source stop;
  std::jthread stopping{[&] { stop.request_stop(); }};
  EXPECT_THROW(static_cast<void>(discover(authority.base(), "a_1", 60s, stop.get_token())),
               puppet::CancelledError);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
