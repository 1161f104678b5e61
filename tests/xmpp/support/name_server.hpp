// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace wechaty::puppet_xmpp::test {

/// A name server on loopback that knows some service records (RFC 1035, RFC 2782).
class NameServer {
 public:
  struct Record {
    std::string name;
    std::uint16_t priority, weight, port;
    std::string target;  ///< "" for the root: no such service
  };

  explicit NameServer(std::vector<Record> records) : records_{std::move(records)} {
    socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, length) != 0 || ::getsockname(socket_, generic, &length) != 0) {
      throw std::runtime_error{"name server"};
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
  }
  ~NameServer() {
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  static void put16(std::string& out, std::size_t number) {
    out += static_cast<char>(number >> 8U);
    out += static_cast<char>(number);
  }
  static std::string name_of(const std::string& dotted) {
    std::string out;
    for (std::size_t begin = 0; begin < dotted.size();) {
      const auto end = std::min(dotted.find('.', begin), dotted.size());
      out += static_cast<char>(end - begin);
      out += dotted.substr(begin, end - begin);
      begin = end + 1;
    }
    return out + '\0';
  }
  [[nodiscard]] std::string answer(const std::string& query) const {
    constexpr std::size_t header = 12;
    const auto end = query.find('\0', header) + 1;
    const std::string name = query.substr(header, end - header);
    std::string records;
    std::size_t count = 0;
    for (const Record& record : records_) {
      if (name_of(record.name) != name) continue;
      ++count;
      put16(records, 0xC000U + header);                   // the name of the question
      records += std::string{"\0\x21\0\1\0\0\0\x3C", 8};  // SRV, IN, for a minute
      const std::string target = name_of(record.target);
      put16(records, 6 + target.size());
      for (const auto number : {record.priority, record.weight, record.port}) {
        put16(records, number);
      }
      records += target;
    }
    std::string out = query.substr(0, 2);
    put16(out, count > 0 ? 0x8580U : 0x8583U);  // an answer with authority; no such name
    put16(out, 1);
    put16(out, count);
    put16(out, 0);
    put16(out, 0);
    return out + query.substr(header, end + 4 - header) + records;
  }
  void run(const std::stop_token& stop) const {
    while (!stop.stop_requested()) {
      pollfd place{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&place, 1, 20) <= 0) continue;
      std::array<char, 512> query{};
      sockaddr_in from{};
      socklen_t length = sizeof from;
      auto* const generic = reinterpret_cast<sockaddr*>(&from);
      const auto size = ::recvfrom(socket_, query.data(), query.size(), 0, generic, &length);
      if (size < 17) continue;
      const std::string reply = answer({query.data(), static_cast<std::size_t>(size)});
      ::sendto(socket_, reply.data(), reply.size(), 0, generic, length);
    }
  }

  const std::vector<Record> records_;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::jthread thread_;
};

}  // namespace wechaty::puppet_xmpp::test
