// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/endpoints.hpp"

#include <gtest/gtest.h>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/name_server.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using Endpoints = std::vector<Endpoint>;

TEST(XmppEndpoints, ComeByPriority) {
  const auto first = [](std::uint32_t) { return 0U; };
  EXPECT_EQ(in_order({{.priority = 2, .weight = 0, .target = {"c", 3}},
                      {.priority = 1, .weight = 0, .target = {"a", 1}},
                      {.priority = 1, .weight = 0, .target = {"b", 2}}},
                     first),
            (Endpoints{{"a", 1}, {"b", 2}, {"c", 3}}));
}

TEST(XmppEndpoints, AreDrawnByWeightAmongEqualOnes) {
  const std::vector<SrvRecord> records{{.priority = 1, .weight = 10, .target = {"light", 1}},
                                       {.priority = 1, .weight = 90, .target = {"heavy", 2}}};
  std::vector<std::uint32_t> limits;
  const auto draw = [&](std::uint32_t number) {
    return in_order(records,
                    [&, number](std::uint32_t below) {
                      limits.push_back(below);
                      return std::min(number, below - 1);
                    })[0]
        .host;
  };
  EXPECT_EQ(draw(10), "light");
  EXPECT_EQ(draw(11), "heavy");
  EXPECT_EQ(draw(100), "heavy");
  EXPECT_EQ(limits[0], 101U);
}

TEST(XmppEndpoints, WhatTheOptionsSayIsNotLookedUp) {
  EXPECT_EQ(endpoints_of({.host = "h", .port = 1}, "example.org"), (Endpoints{{"h", 1}}));
  EXPECT_EQ(endpoints_of({.host = "h"}, "example.org"), (Endpoints{{"h", 5222}}));
  EXPECT_EQ(endpoints_of({.port = 1}, "example.org"), (Endpoints{{"example.org", 1}}));
}

TEST(XmppEndpoints, AreLookedUpForStartTlsAndForDirectTls) {
  NameServer names{{{"_xmpp-client._tcp.example.org", 5, 0, 5222, "two.example.org"},
                    {"_xmpp-client._tcp.example.org", 1, 0, 15'222, "one.example.org"},
                    {"_xmpps-client._tcp.example.org", 1, 0, 443, "tls.example.org"}}};
  EXPECT_EQ(endpoints_of({.name_server = names.address()}, "example.org"),
            (Endpoints{{"one.example.org", 15'222}, {"two.example.org", 5'222}}));
  EXPECT_EQ(endpoints_of({.tls = TlsMode::direct, .name_server = names.address()}, "example.org"),
            (Endpoints{{"tls.example.org", 443}}));
}

TEST(XmppEndpoints, WithoutRecordsTheDomainIsDialled) {
  NameServer names{{}};
  EXPECT_EQ(endpoints_of({.name_server = names.address()}, "example.org"),
            (Endpoints{{"example.org", 5222}}));
  EXPECT_EQ(endpoints_of({.tls = TlsMode::direct, .name_server = names.address()}, "example.org"),
            Endpoints{});
}

TEST(XmppEndpoints, ADomainMaySayThatItHasNone) {
  NameServer names{{{"_xmpp-client._tcp.example.org", 0, 0, 0, ""}}};
  EXPECT_EQ(endpoints_of({.name_server = names.address()}, "example.org"), Endpoints{});
}

TEST(XmppEndpoints, ANameServerThatIsNoAddressIsRefused) {
  EXPECT_THROW(static_cast<void>(endpoints_of({.name_server = "names"}, "example.org")),
               puppet::InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
