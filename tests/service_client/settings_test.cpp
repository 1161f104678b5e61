// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/settings.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

#include "puppet_service/client/community_root.hpp"
#include "puppet_service/wire/token.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

namespace wechaty::puppet_service::test {
namespace {

using puppet::InvalidArgumentError;
using puppet::PuppetOptions;

constexpr const char* pem = "-----BEGIN CERTIFICATE-----\\nabc\\n-----END CERTIFICATE-----";

/// None of the variables is set but those that a test sets.
class Settings : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name :
         {"WECHATY_PUPPET_SERVICE_TOKEN", "WECHATY_PUPPET_HOSTIE_TOKEN",
          "WECHATY_PUPPET_SERVICE_ENDPOINT", "WECHATY_PUPPET_HOSTIE_ENDPOINT",
          "WECHATY_PUPPET_SERVICE_AUTHORITY", "WECHATY_SERVICE_DISCOVERY_ENDPOINT",
          "WECHATY_PUPPET_SERVICE_TLS_CA_CERT", "WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME",
          "WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT"}) {
      unsetenv(name);
    }
  }
  void TearDown() override { SetUp(); }
  static void set(const char* name, const char* value) { setenv(name, value, 1); }
};

TEST(Token, TheServersNameStandsBeforeTheLastUnderscore) {
  EXPECT_EQ(server_name_of("insecure_63d6b063"), "insecure");
  EXPECT_EQ(server_name_of("a_b_c"), "a_b");
  EXPECT_EQ(server_name_of("PadLocal_1"), "padlocal");
  EXPECT_EQ(server_name_of("63d6b063"), "");
  EXPECT_EQ(server_name_of("_63d6b063"), "");
  EXPECT_EQ(server_name_of(""), "");
}

TEST_F(Settings, WhatIsGivenWinsOverTheVariables) {
  set("WECHATY_PUPPET_SERVICE_TOKEN", "env_token");
  set("WECHATY_PUPPET_SERVICE_ENDPOINT", "env:1");
  set("WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME", "env-name");
  set("WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT", "true");
  const auto settings = settle({.endpoint = "given:2", .token = "given_token"},
                               {.tls = {.server_name = "given-name", .disable = false}});
  EXPECT_EQ(settings.token, "given_token");
  EXPECT_EQ(settings.endpoint, "given:2");
  EXPECT_EQ(settings.server_name, "given-name");
  EXPECT_TRUE(settings.tls);
}

TEST_F(Settings, VariablesAreUsedWhereNothingIsGiven) {
  set("WECHATY_PUPPET_SERVICE_TOKEN", "env_token");
  set("WECHATY_PUPPET_SERVICE_ENDPOINT", "env:1");
  set("WECHATY_PUPPET_SERVICE_TLS_CA_CERT", pem);
  const auto settings = settle({.endpoint = ""}, {});
  EXPECT_EQ(settings.token, "env_token");
  EXPECT_EQ(settings.endpoint, "env:1");
  EXPECT_EQ(settings.server_name, "env");
  EXPECT_EQ(settings.ca_cert, "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----");
}

TEST_F(Settings, TheOldNamesOfVariablesWorkAndTheNewOnesWin) {
  set("WECHATY_PUPPET_HOSTIE_TOKEN", "old_token");
  set("WECHATY_PUPPET_HOSTIE_ENDPOINT", "old:1");
  set("WECHATY_SERVICE_DISCOVERY_ENDPOINT", "https://discovery.old///");
  auto settings = settle({}, {});
  EXPECT_EQ(settings.token, "old_token");
  EXPECT_EQ(settings.endpoint, "old:1");
  EXPECT_EQ(settings.authority, "discovery.old");
  set("WECHATY_PUPPET_SERVICE_TOKEN", "new_token");
  set("WECHATY_PUPPET_SERVICE_ENDPOINT", "new:1");
  set("WECHATY_PUPPET_SERVICE_AUTHORITY", "authority.new");
  settings = settle({}, {});
  EXPECT_EQ(settings.token, "new_token");
  EXPECT_EQ(settings.endpoint, "new:1");
  EXPECT_EQ(settings.authority, "authority.new");
}

TEST_F(Settings, DefaultsAreTheReferences) {
  const auto settings = settle({.token = "insecure_1"}, {});
  EXPECT_EQ(settings.authority, "api.chatie.io");
  EXPECT_EQ(settings.endpoint, "");
  EXPECT_TRUE(settings.tls);
  EXPECT_EQ(settings.ca_cert, community_root);
  EXPECT_EQ(settings.server_name, "insecure");
}

TEST_F(Settings, PlaintextIsSwitchedByExactlyTrue) {
  set("WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT", "TRUE");
  EXPECT_TRUE(settle({.token = "a_1"}, {}).tls);
  set("WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT", "true");
  const auto settings = settle({.token = "no-name"}, {});  // no name is needed then
  EXPECT_FALSE(settings.tls);
  EXPECT_EQ(settings.ca_cert, "");
}

TEST_F(Settings, WhatCannotBeIsRefusedAndSaysWhatToDo) {
  const auto message = [](const PuppetOptions& options, const PuppetServiceOptions& service) {
    try {
      static_cast<void>(settle(options, service));
    } catch (const InvalidArgumentError& error) {
      return std::string{error.what()};
    }
    return std::string{"nothing thrown"};
  };
  EXPECT_NE(message({}, {}).find("WECHATY_PUPPET_SERVICE_TOKEN"), std::string::npos);
  EXPECT_NE(message({.token = "uuid-only"}, {}).find("insecure_"), std::string::npos);
  EXPECT_NE(message({.endpoint = "https://x", .token = "a_1"}, {}).find("host:port"),
            std::string::npos);
  EXPECT_NE(message({.token = "a_1"}, {.tls = {.ca_cert = "/etc/ca.pem"}}).find("PEM"),
            std::string::npos);
  EXPECT_NE(message({.token = "a_1"}, {.call_timeout = std::chrono::milliseconds{0}})
                .find("call_timeout"),
            std::string::npos);
  // What is refused because of a character does not show the token.
  EXPECT_EQ(message({.token = "secret\r\nX: y"}, {}).find("secret"), std::string::npos);
}

TEST_F(Settings, ThePuppetRefusesThemInItsConstructor) {
  EXPECT_THROW(PuppetService{}, InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
