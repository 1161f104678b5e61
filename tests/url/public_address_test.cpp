// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_url/public_address.hpp"

#include <gtest/gtest.h>

#include <string>

namespace wechaty::puppet_url {
namespace {

TEST(PublicAddress, ThoseOfTheInternetAre) {
  for (const std::string address : {"1.1.1.1",
                                    "8.8.8.8",
                                    "9.255.255.255",
                                    "11.0.0.0",
                                    "100.63.255.255",
                                    "100.128.0.0",
                                    "126.255.255.255",
                                    "128.0.0.0",
                                    "169.253.255.255",
                                    "169.255.0.0",
                                    "172.15.255.255",
                                    "172.32.0.0",
                                    "192.0.1.0",
                                    "192.167.255.255",
                                    "192.169.0.0",
                                    "198.17.255.255",
                                    "198.20.0.0",
                                    "223.255.255.255",
                                    "2606:4700:4700::1111",
                                    "2001:4860:4860::8888",
                                    "2001:200::1",
                                    "2003::1",
                                    "3ffe::1",
                                    "::ffff:8.8.8.8",
                                    "64:ff9b::8.8.8.8"}) {
    EXPECT_TRUE(is_public_address(address)) << address;
  }
}

TEST(PublicAddress, ThoseOfThisMachineAndItsNetworksAreNot) {
  for (const std::string address :
       {"0.0.0.0",         "0.1.2.3",         "10.0.0.1",        "10.255.255.255",  "100.64.0.1",
        "100.127.255.255", "127.0.0.1",       "127.255.255.254", "169.254.169.254", "172.16.0.1",
        "172.31.255.255",  "192.0.0.1",       "192.0.2.1",       "192.88.99.1",     "192.168.0.1",
        "192.168.255.255", "198.18.0.1",      "198.19.255.255",  "198.51.100.1",    "203.0.113.1",
        "224.0.0.1",       "239.255.255.255", "240.0.0.1",       "255.255.255.255"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
    EXPECT_FALSE(is_public_address("::ffff:" + address)) << address;
    EXPECT_FALSE(is_public_address("64:ff9b::" + address)) << address;
    EXPECT_FALSE(is_public_address("::" + address)) << address;
  }
  for (const std::string address :
       {"::", "::1", "::2", "100::1", "64:ff9b:1::1", "fc00::1", "fdff::1", "fe80::1", "febf::1",
        "fec0::1", "ff02::1", "2001::1", "2001:db8::1", "2001:1ff::1", "2002:7f00:1::1",
        "2002:808:808::1", "3fff::1", "4000::1", "::ffff:0:7f00:1"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
}

TEST(PublicAddress, WhatIsNoAddressIsNot) {
  for (const std::string address : {"", "localhost", "1.1.1", "1.1.1.1.1", "0x8.8.8.8", " 8.8.8.8",
                                    "8.8.8.8 ", "fe80::1%eth0", "[2606::1]"}) {
    EXPECT_FALSE(is_public_address(address)) << address;
  }
  EXPECT_TRUE(any_address("127.0.0.1"));
}

}  // namespace
}  // namespace wechaty::puppet_url
