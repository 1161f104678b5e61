// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/public_address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace wechaty::puppet_xmpp {

namespace {

struct Range4 {
  std::uint32_t network;
  unsigned bits;
};

constexpr std::uint32_t network(unsigned a, unsigned b, unsigned c) {
  return (a << 24U) | (b << 16U) | (c << 8U);
}

constexpr std::array<Range4, 15> not_public{{{network(0, 0, 0), 8},
                                             {network(10, 0, 0), 8},
                                             {network(100, 64, 0), 10},
                                             {network(127, 0, 0), 8},
                                             {network(169, 254, 0), 16},
                                             {network(172, 16, 0), 12},
                                             {network(192, 0, 0), 24},
                                             {network(192, 0, 2), 24},
                                             {network(192, 88, 99), 24},
                                             {network(192, 168, 0), 16},
                                             {network(198, 18, 0), 15},
                                             {network(198, 51, 100), 24},
                                             {network(203, 0, 113), 24},
                                             {network(224, 0, 0), 4},
                                             {network(240, 0, 0), 4}}};

bool is_public(std::uint32_t address) {
  return std::none_of(not_public.begin(), not_public.end(), [&](const Range4& range) {
    return (address ^ range.network) >> (32U - range.bits) == 0;
  });
}

using Address6 = std::array<std::uint8_t, 16>;

std::uint32_t number_at(const Address6& address, std::size_t place) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8U) | address[place + i];
  return number;
}

bool is_public(const Address6& address) {
  const std::uint32_t first = number_at(address, 0);
  if (first == 0x0064FF9BU) {  // 64:ff9b::/96, translated
    return number_at(address, 4) == 0 && number_at(address, 8) == 0 &&
           is_public(number_at(address, 12));
  }
  constexpr std::uint32_t protocols = 0x20010000U;      // 2001::/23, with Teredo
  constexpr std::uint32_t examples = 0x20010DB8U;       // 2001:db8::/32
  constexpr std::uint32_t more_examples = 0x3FFF0000U;  // 3fff::/20
  constexpr std::uint32_t tunnels = 0x20020000U;        // 2002::/16, 6to4
  if (first >> 9U == protocols >> 9U || first == examples || first >> 12U == more_examples >> 12U ||
      first >> 16U == tunnels >> 16U) {
    return false;
  }
  return first >> 29U == 1;  // 2000::/3 is all that is given out
}

}  // namespace

bool is_public(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    return is_public(ntohl(four.sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  Address6 bytes{};
  std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
  return is_public(bytes);
}

}  // namespace wechaty::puppet_xmpp
