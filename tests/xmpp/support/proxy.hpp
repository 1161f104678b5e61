// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace wechaty::puppet_xmpp::test {

/// A TCP proxy on loopback that can cut what goes through it, or swallow it.
class Proxy {
 public:
  explicit Proxy(std::uint16_t target) : target_{target} {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, length) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, generic, &length) != 0) {
      throw std::runtime_error{"proxy"};
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }
  ~Proxy() {
    thread_.request_stop();
    thread_.join();
    cut();
    ::close(listener_);
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// How many connections were made so far.
  [[nodiscard]] int connections() const { return connections_; }

  /// Break all connections off, as a router does that was switched off: what is on its way is lost.
  void cut() {
    ++cutting_;
    const std::lock_guard lock{mutex_};
    --cutting_;
    for (const auto& pair : pairs_) {
      for (const int fd : pair) {
        const linger at_once{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(fd);
      }
    }
    pairs_.clear();
  }
  /// Take what comes, and pass nothing on.
  void swallow(bool swallowing) { swallowing_ = swallowing; }

 private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  void run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      while (cutting_ > 0) std::this_thread::yield();  // who waits for a mutex may wait for long
      const std::lock_guard lock{mutex_};
      std::vector<pollfd> places{{.fd = listener_, .events = POLLIN, .revents = 0}};
      for (const auto& pair : pairs_) {
        for (const int fd : pair) places.push_back({.fd = fd, .events = POLLIN, .revents = 0});
      }
      ::poll(places.data(), places.size(), 2);
      if ((places[0].revents & POLLIN) != 0) accept();
      for (std::size_t i = 1; i < places.size(); ++i) {
        if (places[i].revents == 0) continue;
        pass(places[i].fd, places[i % 2 == 1 ? i + 1 : i - 1].fd);
      }
      std::erase_if(pairs_, [](const auto& pair) { return pair[0] < 0; });
    }
  }
  void accept() {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target_);
    if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      ::close(client);
      ::close(server);
      return;
    }
    ++connections_;
    pairs_.push_back({client, server});
  }
  void pass(int from, int to) {
    std::array<char, 16'384> buffer{};
    const auto count = ::recv(from, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count <= 0) {
      for (auto& pair : pairs_) {
        if (pair[0] != from && pair[1] != from) continue;
        ::close(pair[0]);
        ::close(pair[1]);
        pair = {-1, -1};
      }
      return;
    }
    if (swallowing_) return;
    for (ssize_t sent = 0; sent < count;) {
      const auto part =
          ::send(to, buffer.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
      if (part <= 0) return;
      sent += part;
    }
  }

  const std::uint16_t target_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> swallowing_{false};
  std::atomic<int> cutting_{0};
  std::mutex mutex_;  // guards pairs_
  std::vector<std::array<int, 2>> pairs_;
  std::jthread thread_;
};

}  // namespace wechaty::puppet_xmpp::test
