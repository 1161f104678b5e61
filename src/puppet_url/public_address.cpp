// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_url/public_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace wechaty::puppet_url {

namespace {

using Bytes = std::span<const std::uint8_t>;

/// The first `bits` bits of an address.
struct Network {
  std::array<std::uint8_t, 12> prefix;
  unsigned bits;

  [[nodiscard]] bool has(Bytes address) const {
    for (std::size_t i = 0; i * 8 < bits; ++i) {
      const unsigned rest = bits - static_cast<unsigned>(i) * 8;
      const unsigned mask = rest >= 8 ? 0xFFU : 0xFFU << (8 - rest) & 0xFFU;
      if ((address[i] & mask) != prefix.at(i)) return false;
    }
    return true;
  }
};

constexpr std::array special_v4{
    Network{{0}, 8},              // this network
    Network{{10}, 8},             // private
    Network{{100, 64}, 10},       // shared, of carriers
    Network{{127}, 8},            // loopback
    Network{{169, 254}, 16},      // link-local, with the clouds' metadata services
    Network{{172, 16}, 12},       // private
    Network{{192, 0, 0}, 24},     // protocol assignments
    Network{{192, 0, 2}, 24},     // documentation
    Network{{192, 88, 99}, 24},   // 6to4 relays
    Network{{192, 168}, 16},      // private
    Network{{198, 18}, 15},       // benchmarks
    Network{{198, 51, 100}, 24},  // documentation
    Network{{203, 0, 113}, 24},   // documentation
    Network{{224}, 4},            // multicast
    Network{{240}, 4},            // reserved, broadcast
};

constexpr Network global_unicast{{0x20}, 3};
constexpr std::array special_v6{
    Network{{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo, ORCHID
    Network{{0x20, 0x01, 0x0D, 0xB8}, 32},  // documentation
    Network{{0x20, 0x02}, 16},              // 6to4
    Network{{0x3F, 0xFF, 0x00}, 20},        // documentation
};

// What carries an IPv4 address in its last four bytes.
constexpr std::array carriers_v6{
    Network{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}, 96},  // mapped
    Network{{0, 0x64, 0xFF, 0x9B}, 96},                       // NAT64
};

bool is_in(std::span<const Network> networks, Bytes address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.has(address); });
}

}  // namespace

bool is_public_address(std::string_view address) {
  const std::string text{address};
  std::array<std::uint8_t, 4> v4{};
  if (::inet_pton(AF_INET, text.c_str(), v4.data()) == 1) return !is_in(special_v4, v4);
  std::array<std::uint8_t, 16> v6{};
  if (::inet_pton(AF_INET6, text.c_str(), v6.data()) != 1) return false;
  if (is_in(carriers_v6, v6)) return !is_in(special_v4, Bytes{v6}.last(4));
  return global_unicast.has(v6) && !is_in(special_v6, v6);
}

}  // namespace wechaty::puppet_url
