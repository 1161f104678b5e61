// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>

#include "puppet_service/server/server_certificate.hpp"
#include "puppet_service/server/x509.hpp"
#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

using puppet::test::read_text;
using puppet::test::TempFolder;
using puppet::test::write_text;

mode_t mode_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 0777U;
}

TEST(ServerCertificate, IsForTheNamesThatClientsAskFor) {
  const auto names = certificate_names("My_token");
  for (const char* name : {"localhost", "127.0.0.1", "insecure", "my"}) {
    EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
  }
}

TEST(ServerCertificate, TokenCannotPutAnythingElseIntoTheCertificate) {
  const auto names = certificate_names("x,DNS:example.org_token");
  EXPECT_TRUE(std::none_of(names.begin(), names.end(),
                           [](const auto& name) { return name.find(',') != std::string::npos; }));
}

TEST(ServerCertificate, IsMadeOnceAndForItsOwnerOnly) {
  const TempFolder folder;
  const std::string state = folder / "state";
  const auto first = own_certificate(state, certificate_names("insecure_x"));
  const auto second = own_certificate(state, certificate_names("insecure_x"));
  EXPECT_EQ(first.ca, second.ca);
  EXPECT_EQ(first.pair.certificate, second.pair.certificate);
  EXPECT_EQ(read_text(first.ca_file), first.ca);
  EXPECT_EQ(mode_of(state), 0700U);
  for (const char* file : {"/ca.pem", "/ca-key.pem", "/server.pem", "/server-key.pem"}) {
    EXPECT_EQ(mode_of(state + file), 0600U) << file;
  }
  EXPECT_NO_THROW(check_pair(first.pair));
}

TEST(ServerCertificate, IsRenewedLongBeforeItExpires) {
  const TempFolder folder;
  const std::string state = folder / "state";
  const auto names = certificate_names("insecure_x");
  const auto first = own_certificate(state, names);
  const auto authority = x509::certificate_of(first.ca);
  const auto authority_key = x509::key_of(read_text(state + "/ca-key.pem"));
  const auto key = x509::key_of(first.pair.key);
  const auto put = [&](int days) {
    const auto certificate =
        x509::make_certificate(*key, {.common_name = "x", .alternative = names}, days,
                               authority.get(), authority_key.get());
    std::string text = x509::to_pem(*certificate);
    write_text(state + "/server.pem", text);
    return text;
  };
  const std::string with_half = put(205);
  EXPECT_EQ(own_certificate(state, names).pair.certificate, with_half);
  const std::string with_less = put(190);  // a gateway that starts now may run for all of them
  EXPECT_NE(own_certificate(state, names).pair.certificate, with_less);
}

TEST(ServerCertificate, AnotherNameGetsAnotherCertificateOfTheSameAuthority) {
  const TempFolder folder;
  const auto first = own_certificate(folder / "state", certificate_names("one_x"));
  const auto second = own_certificate(folder / "state", certificate_names("two_x"));
  EXPECT_EQ(first.ca, second.ca);
  EXPECT_NE(first.pair.certificate, second.pair.certificate);
}

TEST(ServerCertificate, DamagedAuthorityIsNotReplacedUnseen) {
  const TempFolder folder;
  const auto own = own_certificate(folder / "state", certificate_names(""));
  write_text(own.ca_file, "rubbish");
  try {
    (void)own_certificate(folder / "state", certificate_names(""));
    ADD_FAILURE() << "clients trust the old one";
  } catch (const puppet::StorageError& error) {
    EXPECT_NE(std::string{error.what()}.find(own.ca_file), std::string::npos);
  }
}

TEST(ServerCertificate, PairsThatDoNotFitAreRefused) {
  const TempFolder folder;
  const auto one = own_certificate(folder / "one", certificate_names(""));
  const auto other = own_certificate(folder / "other", certificate_names(""));
  EXPECT_THROW(check_pair({one.pair.certificate, other.pair.key}), puppet::InvalidArgumentError);
  EXPECT_THROW(check_pair({"rubbish", one.pair.key}), puppet::InvalidArgumentError);
  EXPECT_THROW(check_pair({one.pair.certificate, ""}), puppet::InvalidArgumentError);
}

class ServerTls : public testing::Test {
 protected:
  PuppetServerOptions options() {
    PuppetServerOptions options = test_options();
    options.tls.disable = false;
    options.tls.state_folder = folder_ / "state";
    return options;
  }
  static grpc::Status version(const ServedMock& served, Presenting presenting) {
    pb::VersionResponse response;
    const WireClient client = served.client(std::move(presenting));
    grpc::ClientContext context;
    client.prepare(context, std::chrono::seconds{5});
    context.set_wait_for_ready(false);
    return client.call("/wechaty.Puppet/Version", pb::VersionRequest{}, response, context);
  }

  static Presenting trusting(const std::string& ca, const std::string& server_name) {
    return {.authorization = std::string{"Wechaty "} + test_token,
            .ca = ca,
            .server_name = server_name};
  }

  const TempFolder folder_;
};

TEST_F(ServerTls, OwnCertificateIsTrustedByWhoHasItsAuthority) {
  const ServedMock served{options()};
  const std::string ca = served.server.ca_certificate();
  EXPECT_EQ(read_text(served.server.ca_file()), ca);
  // As npm clients: the token's prefix by SNI, the token as metadata.
  EXPECT_TRUE(version(served, trusting(ca, "insecure")).ok());
  EXPECT_TRUE(version(served, trusting(ca, "localhost")).ok());
  EXPECT_FALSE(version(served, trusting(ca, "example.org")).ok());
}

TEST_F(ServerTls, OwnCertificateIsNotTrustedByOthers) {
  const ServedMock served{options()};
  const auto other = own_certificate(folder_ / "other", certificate_names(""));
  EXPECT_FALSE(version(served, trusting(other.ca, "insecure")).ok());
}

TEST_F(ServerTls, PlainTextIsNotAnswered) {
  const ServedMock served{options()};
  EXPECT_FALSE(version(served, {}).ok());
}

TEST_F(ServerTls, PairOfTheOperatorIsUsed) {
  const auto pair = own_certificate(folder_ / "operator", {"gateway.example.org"});
  PuppetServerOptions given = options();
  given.tls.server_cert = pair.pair.certificate;
  given.tls.server_key = pair.pair.key;
  const ServedMock served{given};
  EXPECT_EQ(served.server.ca_file(), "");
  EXPECT_TRUE(version(served, trusting(pair.ca, "gateway.example.org")).ok());
}

TEST_F(ServerTls, WrongTokenIsRefusedThere) {
  const ServedMock served{options()};
  const auto status = version(served, {.authority = "x",
                                       .authorization = "Wechaty wrong",
                                       .ca = served.server.ca_certificate(),
                                       .server_name = "insecure"});
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(status.error_message(), "Invalid Wechaty TOKEN");
}

}  // namespace
}  // namespace wechaty::puppet_service::test
