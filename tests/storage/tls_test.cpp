// SPDX-License-Identifier: Apache-2.0
// etcds:// and https S3 against servers with certificates of the test's own authority.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "puppet_storage/etcd_client.hpp"
#include "storage/servers.hpp"
#include "storage/storage_rules.hpp"
#include "support/certificates.hpp"

namespace wechaty::puppet_storage {
namespace {

using puppet::MemoryCard;
using puppet::StorageError;
using puppet::test::CertificateAuthority;
using testing::HasSubstr;
using testing::Not;

/// An environment variable for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_{name} {
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

/// What loading the card says; empty when it can be loaded.
std::string fault(MemoryCard card) {
  try {
    card.load();
  } catch (const StorageError& error) {
    return error.what();
  }
  return {};
}

class TlsTest : public testing::Test {
 protected:
  test::TempFolder folder_;
  CertificateAuthority authority_{folder_.path(), "authority"};
  CertificateAuthority stranger_{folder_.path(), "stranger"};
  CertificateAuthority::Certificate server_ = authority_.issue("server");
};

/// A card goes there and back over `url`, of which the test has said whom to trust.
void keeps_a_card(const std::string& url) {
  auto card = MemoryCard::open(url, storages());
  card.load();
  card.set("k", "v");
  card.save();
  auto again = MemoryCard::open(url, storages());
  EXPECT_TRUE(again.load().found);
  EXPECT_EQ(again.get_string("k"), "v");
  again.destroy();
}

class EtcdTls : public TlsTest {
 protected:
  void start(test::Words more = {}) {
    more.insert(more.end(), {"--cert-file", server_.certificate, "--key-file", server_.key});
    etcd_.emplace("https", more);
    etcd_->options.ca_file = authority_.file();
  }
  [[nodiscard]] std::string url(const std::string& query) const {
    return "etcds://" + etcd_->address() + "/bot?timeout=2000" + query;
  }
  void wait_until_it_answers(const EtcdOptions& options) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!test::answers([&] { return std::make_unique<EtcdStorage>("probe", options); })()) {
      ASSERT_LT(std::chrono::steady_clock::now(), end);
    }
  }
  std::optional<test::EtcdServer> etcd_;
};

TEST_F(EtcdTls, TrustsTheAuthorityOfTheUrlOrTheEnvironmentAndNoOther) {
  start();
  wait_until_it_answers(etcd_->options);
  keeps_a_card(url("&ca=" + authority_.file()));
  {
    const Variable ca{"WECHATY_PUPPET_ETCD_CA_FILE", authority_.file()};
    keeps_a_card(url(""));
  }
  const std::string by_system = fault(MemoryCard::open(url(""), storages()));
  EXPECT_THAT(by_system, HasSubstr("certificate"));
  const std::string by_stranger =
      fault(MemoryCard::open(url("&ca=" + stranger_.file()), storages()));
  EXPECT_THAT(by_stranger, HasSubstr("certificate"));
  EXPECT_THAT(by_stranger, HasSubstr(etcd_->address()));
  EXPECT_THAT(by_stranger, Not(HasSubstr("attempt 2"))) << "it is no use to try again";
  EXPECT_THAT(fault(MemoryCard::open(url("&ca=/missing.pem"), storages())),
              HasSubstr("/missing.pem"));
  // Without TLS the server says nothing that could be taken for an empty card.
  EXPECT_NE(fault(MemoryCard::open("etcd://" + etcd_->address() + "/bot", storages())), "");
}

TEST_F(EtcdTls, RefusesACertificateForAnotherHost) {
  start();
  wait_until_it_answers(etcd_->options);
  const auto port = etcd_->address().substr(etcd_->address().find(':'));
  // 127.0.0.2 is this machine as well, but not the one that the certificate is for.
  EXPECT_NE(
      fault(MemoryCard::open(
          "etcds://127.0.0.2" + port + "/bot?timeout=2000&ca=" + authority_.file(), storages())),
      "");
}

TEST_F(EtcdTls, ShowsItsClientCertificateWhereTheServerWantsOne) {
  const auto client = authority_.issue("client");
  const auto foreign = stranger_.issue("foreign");
  start({"--client-cert-auth", "--trusted-ca-file", authority_.file()});
  auto options = etcd_->options;
  options.cert_file = client.certificate;
  options.key_file = client.key;
  wait_until_it_answers(options);
  const std::string ca = "&ca=" + authority_.file();
  keeps_a_card(url(ca + "&cert=" + client.certificate + "&key=" + client.key));
  {
    const Variable cert{"WECHATY_PUPPET_ETCD_CERT_FILE", client.certificate};
    const Variable key{"WECHATY_PUPPET_ETCD_KEY_FILE", client.key};
    keeps_a_card(url(ca));
  }
  EXPECT_NE(fault(MemoryCard::open(url(ca), storages())), "");
  EXPECT_NE(fault(MemoryCard::open(url(ca + "&cert=" + foreign.certificate + "&key=" + foreign.key),
                                   storages())),
            "");
}

TEST_F(EtcdTls, LogsInWithUserAndPassword) {
  start();
  wait_until_it_answers(etcd_->options);
  auto patient = etcd_->options;  // a password takes etcd a tenth of a second of its processor
  patient.remote = {};
  EtcdClient admin{patient};
  (void)admin.call("auth/user/add", {{"name", "root"}, {"password", "root's"}});
  (void)admin.call("auth/role/add", {{"name", "root"}});
  (void)admin.call("auth/user/grant", {{"user", "root"}, {"role", "root"}});
  // A user that may touch nothing but the card and what lies beside it.
  (void)admin.call("auth/user/add", {{"name", "bot"}, {"password", "hunter2"}});
  (void)admin.call("auth/role/add", {{"name", "card"}});
  (void)admin.call("auth/role/grant", {{"name", "card"},
                                       {"perm",
                                        {{"permType", "READWRITE"},
                                         {"key", "Ym90"},            // bot
                                         {"range_end", "Ym91"}}}});  // bou
  (void)admin.call("auth/user/grant", {{"user", "bot"}, {"role", "card"}});
  (void)admin.call("auth/enable", nlohmann::json::object());

  const std::string url =
      "etcds://bot@" + etcd_->address() + "/bot?timeout=10000&ca=" + authority_.file();
  {
    const Variable password{"WECHATY_PUPPET_ETCD_PASSWORD", "hunter2"};
    keeps_a_card(url);
    auto card = MemoryCard::open(url, storages());
    EXPECT_NO_THROW(card.acquire_lease());
    EXPECT_NE(fault(MemoryCard::open("etcds://bot@" + etcd_->address() +
                                         "/other?timeout=10000&ca=" + authority_.file(),
                                     storages())),
              "");
  }
  const Variable password{"WECHATY_PUPPET_ETCD_PASSWORD", "wrong-one"};
  const auto refused = fault(MemoryCard::open(url, storages()));
  EXPECT_THAT(refused, HasSubstr("WECHATY_PUPPET_ETCD_PASSWORD"));
  EXPECT_THAT(refused, Not(HasSubstr("wrong-one")));
}

class S3Tls : public TlsTest {
 protected:
  void SetUp() override {
    s3_.emplace("https", test::Words{"tls=" + server_.certificate + "," + server_.key});
  }
  [[nodiscard]] std::string url(const std::string& query) const {
    return "s3://cards/bot?region=eu-test-1&timeout=2000&endpoint=https://" + s3_->address() +
           query;
  }
  Variable id_{"AWS_ACCESS_KEY_ID", "ID"};
  Variable secret_{"AWS_SECRET_ACCESS_KEY", "SECRET"};
  std::optional<test::S3Server> s3_;
};

TEST_F(S3Tls, TrustsTheAuthorityOfTheUrlOrTheEnvironmentAndNoOther) {
  keeps_a_card(url("&ca=" + authority_.file()));
  {
    const Variable ca{"AWS_CA_BUNDLE", authority_.file()};
    keeps_a_card(url(""));
  }
  EXPECT_THAT(fault(MemoryCard::open(url(""), storages())), HasSubstr("certificate"));
  const auto by_stranger = fault(MemoryCard::open(url("&ca=" + stranger_.file()), storages()));
  EXPECT_THAT(by_stranger, HasSubstr("certificate"));
  EXPECT_THAT(by_stranger, HasSubstr("s3 cards/bot at " + s3_->address()));
  EXPECT_THAT(by_stranger, Not(HasSubstr("SECRET")));
}

TEST_F(S3Tls, KeepsTheRulesOfEveryStorage) {
  s3_->options.ca_file = authority_.file();
  s3_->options.remote = {};
  const auto open = [this] { return s3_->open(); };
  puppet::test::the_later_writer_gets_a_conflict(open);
  puppet::test::one_process_at_a_time_has_the_lease(open);
}

}  // namespace
}  // namespace wechaty::puppet_storage
