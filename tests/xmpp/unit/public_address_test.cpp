// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/public_address.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

namespace wechaty::puppet_xmpp::test {
namespace {

bool is_public_text(const std::string& text) {
  sockaddr_storage address{};
  if (text.find(':') == std::string::npos) {
    auto& four = reinterpret_cast<sockaddr_in&>(address);
    four.sin_family = AF_INET;
    EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &four.sin_addr), 1) << text;
  } else {
    auto& six = reinterpret_cast<sockaddr_in6&>(address);
    six.sin6_family = AF_INET6;
    EXPECT_EQ(::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr), 1) << text;
  }
  return is_public(reinterpret_cast<const sockaddr&>(address));
}

TEST(XmppPublicAddress, WhatIsOfThisMachineOrItsNetworksIsNot) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "100.127.255.255",
                           "127.0.0.1",
                           "127.9.9.9",
                           "169.254.169.254",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.168.0.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "203.0.113.7",
                           "224.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "::ffff:127.0.0.1",
                           "::ffff:8.8.8.8",
                           "2001:db8::1",
                           "2001::1",
                           "2002:7f00:1::",
                           "2002:c0a8:1::",
                           "64:ff9b::127.0.0.1",
                           "64:ff9b:1::8.8.8.8",
                           "fec0::1",
                           "3fff::1",
                           "2002:808:808::1",
                           "192.88.99.1"}) {
    EXPECT_FALSE(is_public_text(text)) << text;
  }
}

TEST(XmppPublicAddress, TheRestOfTheInternetIs) {
  for (const char* text :
       {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255",
        "172.32.0.0", "192.167.0.1", "198.20.0.1", "223.255.255.255", "2606:4700::1111",
        "2a00:1450::1", "2001:4860::1", "64:ff9b::8.8.8.8"}) {
    EXPECT_TRUE(is_public_text(text)) << text;
  }
}

TEST(XmppPublicAddress, WhatIsNoAddressOfTheInternetIsNot) {
  sockaddr address{};
  address.sa_family = AF_UNIX;
  EXPECT_FALSE(is_public(address));
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
