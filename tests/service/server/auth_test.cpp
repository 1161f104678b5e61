// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <random>

#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

using grpc::StatusCode;

class ServerAuth : public testing::Test {
 protected:
  grpc::Status version(Presenting presenting) {
    pb::VersionResponse response;
    return served_.client(std::move(presenting)).try_to("Version", pb::VersionRequest{}, response);
  }
  static std::string with(const std::string& prefix) { return prefix + test_token; }

  ServedMock served_;
};

void expect_refused(const grpc::Status& status, const char* message) {
  EXPECT_EQ(status.error_code(), StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(status.error_message(), message);
}

TEST_F(ServerAuth, AuthorityStandsForTheToken) { EXPECT_TRUE(version({}).ok()); }

TEST_F(ServerAuth, AuthorizationOfTheWechatySchemeIsTheToken) {
  EXPECT_TRUE(version({.authority = {}, .authorization = with("Wechaty ")}).ok());
}

TEST_F(ServerAuth, AuthorizationWinsOverAuthority) {
  expect_refused(version({.authorization = "Wechaty other"}), "Invalid Wechaty TOKEN");
}

TEST_F(ServerAuth, WrongTokenIsRefusedWithoutRepeatingIt) {
  expect_refused(version({.authority = "other"}), "Invalid Wechaty TOKEN");
  expect_refused(version({.authority = {}, .authorization = with("Wechaty x")}),
                 "Invalid Wechaty TOKEN");
  expect_refused(version({.authority = {}, .authorization = with("Wechaty ") + "x"}),
                 "Invalid Wechaty TOKEN");
}

TEST_F(ServerAuth, OneBlankAndCapitalsAreExact) {
  expect_refused(version({.authority = {}, .authorization = with("Wechaty  ")}),
                 "Invalid Wechaty TOKEN");
  expect_refused(version({.authority = {}, .authorization = with("wechaty ")}),
                 "Invalid authorization type");
}

TEST_F(ServerAuth, OtherSchemesAreRefusedWithoutRepeatingThem) {
  expect_refused(version({.authorization = "Basic abc"}), "Invalid authorization type");
  expect_refused(version({.authorization = test_token}), "Invalid authorization type");
  expect_refused(version({.authorization = ""}), "Invalid authorization type");
}

TEST_F(ServerAuth, AddressAsAuthorityIsNoToken) {
  expect_refused(version({.authority = {}}), "Invalid Wechaty TOKEN");
}

TEST_F(ServerAuth, OnlyTheFirstOfTwoAuthorizationsCounts) {
  const auto with_both = [&](const std::string& first, const std::string& second) {
    const WireClient client = served_.client({.authority = "x", .authorization = first});
    grpc::ClientContext context;
    client.prepare(context);
    context.AddMetadata("authorization", second);
    pb::VersionResponse response;
    return client.call("/wechaty.Puppet/Version", pb::VersionRequest{}, response, context);
  };
  EXPECT_TRUE(with_both(with("Wechaty "), "Wechaty other").ok());
  expect_refused(with_both("Wechaty other", with("Wechaty ")), "Invalid Wechaty TOKEN");
}

TEST_F(ServerAuth, TrailersRepeatNothing) {
  const WireClient client = served_.client({.authority = "x", .authorization = "Wechaty secret"});
  grpc::ClientContext context;
  client.prepare(context);
  context.AddMetadata("x-mine", "value");
  pb::VersionResponse response;
  const auto status =
      client.call("/wechaty.Puppet/Version", pb::VersionRequest{}, response, context);
  expect_refused(status, "Invalid Wechaty TOKEN");
  EXPECT_TRUE(context.GetServerTrailingMetadata().empty());
}

TEST_F(ServerAuth, StreamsAreRefusedAsWell) {
  const WireClient client = served_.client({.authority = "other"});
  EventReader events{client};
  const auto ended = events.wait_for_end();
  ASSERT_TRUE(ended);
  expect_refused(*ended, "Invalid Wechaty TOKEN");
  EXPECT_TRUE(events.all().empty());

  grpc::ClientContext context;
  client.prepare(context);
  pb::UploadResponse response;
  const auto upload = client.write<pb::UploadRequest>("/wechaty.Puppet/Upload", response, context);
  expect_refused(upload->Finish(), "Invalid Wechaty TOKEN");
}

TEST_F(ServerAuth, UnknownRpcIsUnimplemented) {
  pb::VersionResponse response;
  EXPECT_EQ(
      served_.client().try_to("ConversationRead", pb::VersionRequest{}, response).error_code(),
      StatusCode::UNIMPLEMENTED);
}

TEST(PuppetServer, EmptyTokenIsRefused) {
  puppet_mock::PuppetMock puppet{std::make_shared<puppet_mock::World>()};
  PuppetServerOptions options = test_options();
  options.token.clear();
  EXPECT_THROW((PuppetServer{puppet, options}), puppet::InvalidArgumentError);
}

TEST(PuppetServer, PortThatIsTakenIsAnErrorThatNamesIt) {
  ServedMock served;
  PuppetServerOptions options = test_options();
  options.endpoint = served.server.endpoint();
  PuppetServer second{served.puppet, options};
  try {
    second.start();
    ADD_FAILURE() << "two servers on one port";
  } catch (const puppet::NetworkError& error) {
    EXPECT_NE(std::string{error.what()}.find(options.endpoint), std::string::npos);
  }
}

TEST(PuppetServer, CanBeStartedAgain) {
  ServedMock served;
  served.server.stop(std::chrono::milliseconds{10});
  EXPECT_EQ(served.server.port(), 0);
  served.server.start();
  pb::VersionResponse response;
  EXPECT_TRUE(served.client().try_to("Version", pb::VersionRequest{}, response).ok());
}

/// Whether the connection is closed within 20 s of bytes that are no HTTP/2, with or without an
/// answer.
bool is_closed_after(std::uint16_t port, const std::string& bytes) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ssize_t count = -1;
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const timeval limit{20, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    char chunk[256];
    do {
      count = ::recv(fd, chunk, sizeof chunk, 0);
    } while (count > 0);
    if (count < 0 && errno == ECONNRESET) count = 0;
  }
  ::close(fd);
  return count == 0;
}

class RubbishOnThePort : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(PuppetServer, RubbishOnThePort, testing::Bool(), [](const auto& given) {
  return std::string{given.param ? "Tls" : "Plain"};
});

TEST_P(RubbishOnThePort, HurtsNobody) {
  const puppet::test::TempFolder folder;
  PuppetServerOptions options = test_options();
  options.tls.disable = !GetParam();
  options.tls.state_folder = folder / "state";
  ServedMock served{options};
  std::mt19937 random{42};
  std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  for (int i = 0; i < 30; ++i) {
    std::string bytes = i % 2 == 0 ? "" : preface;
    for (int j = 0; j < 200; ++j) bytes += static_cast<char>(random() & 0xFFU);
    EXPECT_TRUE(is_closed_after(served.server.port(), bytes)) << i;
  }
  EXPECT_TRUE(is_closed_after(served.server.port(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  pb::VersionResponse response;
  const WireClient client{served.server.endpoint(),
                          {.authorization = std::string{"Wechaty "} + test_token,
                           .ca = served.server.ca_certificate(),
                           .server_name = "localhost"}};
  EXPECT_TRUE(client.try_to("Version", pb::VersionRequest{}, response).ok());
}

}  // namespace
}  // namespace wechaty::puppet_service::test
