// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/negotiation.hpp"

#include <gtest/gtest.h>

#include "puppet_xmpp/bytes.hpp"
#include "xmpp/support/fake_server.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

// --- SCRAM: the worked examples of the RFCs ------------------------------------------------------

TEST(XmppScram, TheExampleOfRfc5802) {
  Scram scram{"SCRAM-SHA-1", "user", "pencil", std::nullopt, "fyko+d2lbbFgONRv9qkxdawL"};
  EXPECT_EQ(scram.client_first(), "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
  EXPECT_EQ(scram.client_final("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,"
                               "i=4096"),
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
  EXPECT_TRUE(scram.verify("v=rmF9pqV8S7suAoZWja4dJRkFsKQ="));
  EXPECT_FALSE(scram.verify("v=smF9pqV8S7suAoZWja4dJRkFsKQ="));
  EXPECT_FALSE(scram.verify("e=invalid-proof"));
  EXPECT_FALSE(scram.verify(""));
}

TEST(XmppScram, TheExampleOfRfc7677WithThePasswordAndWithTheKeys) {
  const std::string first =
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
  const std::string final =
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
      "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
  Scram with_password{"SCRAM-SHA-256", "user", "pencil", std::nullopt, "rOprNGfwEbeRWgbNEkqO"};
  EXPECT_EQ(with_password.client_final(first), final);
  Scram with_keys{"SCRAM-SHA-256", "user", std::nullopt, with_password.keys(),
                  "rOprNGfwEbeRWgbNEkqO"};
  EXPECT_EQ(with_keys.client_final(first), final);
  EXPECT_TRUE(with_keys.verify("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
}

TEST(XmppScram, KeysOfAnotherSaltNeedThePassword) {
  Scram scram{"SCRAM-SHA-1", "user", std::nullopt,
              ScramKeys{.mechanism = "SCRAM-SHA-1", .salt = "old", .iterations = 4096}, "abc"};
  EXPECT_THROW(static_cast<void>(scram.client_final("r=abcd,s=QSXCR+Q6sek8bf92,i=4096")),
               PasswordNeededError);
}

TEST(XmppScram, AServersFirstMessageThatIsWrongIsRefused) {
  for (const std::string bad :
       {"r=other,s=QSXC,i=4096", "r=abc,s=QSXC,i=4096", "r=abcd,s=!,i=4096", "r=abcd,s=QSXC,i=1",
        "r=abcd,s=QSXC,i=99999999", "r=abcd,s=QSXC,i=x", "m=ext,r=abcd,s=QSXC,i=4096", "nonsense",
        ""}) {
    Scram scram{"SCRAM-SHA-1", "user", "pencil", std::nullopt, "abc"};
    EXPECT_THROW(static_cast<void>(scram.client_final(bad)), puppet::Error) << bad;
  }
}

TEST(XmppScram, NamesAreEscaped) {
  EXPECT_EQ((Scram{"SCRAM-SHA-1", "a=b,c", "x", std::nullopt, "n"}.client_first()),
            "n,,n=a=3Db=2Cc,r=n");
}

// --- the negotiation -----------------------------------------------------------------------------

class FakeStream final : public Stream {
 public:
  void open() override { sent.emplace_back("<stream>"); }
  bool start_tls() override {
    sent.emplace_back("TLS");
    return tls_works;
  }
  void write(std::string_view xml) override { sent.emplace_back(xml); }
  void close() override { sent.emplace_back("</stream>"); }

  bool tls_works = true;
  std::vector<std::string> sent;
};

Element features(Element feature) {
  return Element{"features", ns::stream}.add(std::move(feature));
}
Element mechanisms(std::initializer_list<std::string_view> names) {
  Element all{"mechanisms", ns::sasl};
  for (const auto name : names) all.add(Element{"mechanism", ns::sasl, name});
  return features(all);
}

class XmppNegotiation : public testing::Test {
 protected:
  Negotiation& begin(LoginRequest request, std::string_view account = "bot@localhost") {
    request.account = *Jid::parse(account);
    negotiation_ = std::make_unique<Negotiation>(
        stream_, std::move(request), [this](LoginResult result) { result_ = std::move(result); },
        [this](LoginFailure failure) { failure_ = std::move(failure); });
    negotiation_->on_connected();
    return *negotiation_;
  }
  /// Up to the second opening of the stream.
  void secure() {
    negotiation_->on_opened();
    negotiation_->on_element(features(Element{"starttls", ns::tls}));
    negotiation_->on_element(Element{"proceed", ns::tls});
    negotiation_->on_opened();
  }
  /// Through SCRAM as an honest server, which knows the password.
  void authenticate(const std::string& password = "secret") {
    secure();
    negotiation_->on_element(mechanisms({"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"}));
    const ScramServer server{stream_.sent.back(), password};
    negotiation_->on_element(server.challenge());
    negotiation_->on_element(server.success());
    negotiation_->on_opened();
  }
  void offer_stream_management() { negotiation_->on_element(features(Element{"sm", ns::sm})); }
  void bind(std::string_view jid = "bot@localhost/r") {
    negotiation_->on_element(
        Element{"iq", ns::client}
            .set("type", "result")
            .set("id", "bind")
            .add(Element{"bind", ns::bind}.add(Element{"jid", ns::bind, jid})));
  }

  FakeStream stream_;
  std::unique_ptr<Negotiation> negotiation_;
  std::optional<LoginResult> result_;
  std::optional<LoginFailure> failure_;
};

TEST_F(XmppNegotiation, WithoutTlsNothingIsSaid) {
  begin({.password = "secret"}).on_opened();
  negotiation_->on_element(mechanisms({"PLAIN", "SCRAM-SHA-1"}));
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::insecure);
  EXPECT_EQ(stream_.sent, std::vector<std::string>{"<stream>"});
}

TEST_F(XmppNegotiation, PlainIsNotUsed) {
  begin({.password = "secret"});
  secure();
  negotiation_->on_element(mechanisms({"PLAIN", "EXTERNAL"}));
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::insecure);
}

TEST_F(XmppNegotiation, DirectTlsComesBeforeTheFirstByte) {
  begin({.tls = TlsMode::direct, .password = "secret"});
  EXPECT_EQ(stream_.sent, (std::vector<std::string>{"TLS", "<stream>"}));
}

TEST_F(XmppNegotiation, TlsThatFailsEndsIt) {
  stream_.tls_works = false;
  begin({.password = "secret"}).on_opened();
  negotiation_->on_element(features(Element{"starttls", ns::tls}));
  negotiation_->on_element(Element{"proceed", ns::tls});
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::temporary);
}

TEST_F(XmppNegotiation, TheStrongestMechanismIsTaken) {
  begin({.password = "secret"});
  secure();
  negotiation_->on_element(mechanisms({"SCRAM-SHA-1", "PLAIN", "SCRAM-SHA-256"}));
  EXPECT_NE(stream_.sent.back().find("mechanism=\"SCRAM-SHA-256\""), std::string::npos);
}

TEST_F(XmppNegotiation, KeysDecideTheMechanism) {
  begin({.keys = ScramKeys{.mechanism = "SCRAM-SHA-1", .salt = "s", .iterations = 4096}});
  secure();
  negotiation_->on_element(mechanisms({"SCRAM-SHA-1", "SCRAM-SHA-256"}));
  EXPECT_NE(stream_.sent.back().find("mechanism=\"SCRAM-SHA-1\""), std::string::npos);
}

TEST_F(XmppNegotiation, ARefusalTellsWhy) {
  begin({.password = "secret"});
  secure();
  negotiation_->on_element(mechanisms({"SCRAM-SHA-1"}));
  negotiation_->on_element(Element{"failure", ns::sasl}
                               .add(Element{"not-authorized", ns::sasl})
                               .add(Element{"text", ns::sasl, "Sorry"}));
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::credentials);
  EXPECT_EQ(failure_->text, "the server refused the login: not-authorized (Sorry)");
}

TEST_F(XmppNegotiation, AServerThatDoesNotKnowTheAccountIsRefused) {
  begin({.password = "secret"});
  secure();
  negotiation_->on_element(mechanisms({"SCRAM-SHA-1"}));
  negotiation_->on_element(Element{"success", ns::sasl, to_base64("v=AAAA")});
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::insecure);
}

TEST_F(XmppNegotiation, ASessionIsBoundAndCanBeResumed) {
  begin({.password = "secret"});
  authenticate();
  offer_stream_management();
  bind();
  EXPECT_EQ(stream_.sent.back(), "<enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>");
  negotiation_->on_element(Element{"enabled", ns::sm}.set("id", "token").set("resume", "true"));
  ASSERT_TRUE(result_) << failure_->text;
  EXPECT_EQ(result_->full_jid, "bot@localhost/r");
  EXPECT_EQ(result_->resumption_id, "token");
  EXPECT_FALSE(result_->resumed);
  EXPECT_EQ(result_->keys.mechanism, "SCRAM-SHA-256");
}

TEST_F(XmppNegotiation, TheAddressIsTheOneThatTheServerBinds) {
  // "B\u00C4R" to us, who fold ASCII only; the server prepares it to the end (RFC 7622).
  begin({.password = "secret"}, "B\xC3\x84R@localhost");
  authenticate();
  offer_stream_management();
  bind("b\xC3\xA4r@localhost/r");
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::address);
  EXPECT_EQ(failure_->text,
            "the server's address of this account is \"b\xC3\xA4r@localhost\", not "
            "\"b\xC3\x84r@localhost\"");
}

TEST_F(XmppNegotiation, TheCaseOfAsciiMakesNoOtherAddress) {
  begin({.password = "secret"}, "BOT@LocalHost");
  authenticate();
  negotiation_->on_element(features(Element{"bind", ns::bind}));
  bind("Bot@localhost/R");
  ASSERT_TRUE(result_);
  EXPECT_EQ(result_->full_jid, "bot@localhost/R");
}

TEST_F(XmppNegotiation, ABindToWhatIsNoAddressIsTriedAgain) {
  begin({.password = "secret"});
  authenticate();
  negotiation_->on_element(features(Element{"bind", ns::bind}));
  bind("@");
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::temporary);
}

TEST_F(XmppNegotiation, AServerThatKnowsAnotherPasswordIsRefused) {
  begin({.password = "secret"});
  authenticate("other");
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::insecure);
}

TEST_F(XmppNegotiation, ASessionOfTheCardIsResumed) {
  begin({.password = "secret",
         .resumption = Resumption{.id = "token", .full_jid = "bot@localhost/r", .received = 7}});
  authenticate();
  offer_stream_management();
  EXPECT_EQ(stream_.sent.back(), "<resume xmlns=\"urn:xmpp:sm:3\" previd=\"token\" h=\"7\"/>");
  negotiation_->on_element(Element{"resumed", ns::sm}.set("previd", "token").set("h", "5"));
  ASSERT_TRUE(result_);
  EXPECT_TRUE(result_->resumed);
  EXPECT_EQ(result_->server_received, 5U);
  EXPECT_EQ(result_->full_jid, "bot@localhost/r");
}

TEST_F(XmppNegotiation, ASessionThatIsGoneIsFollowedByANewOne) {
  begin({.password = "secret", .resumption = Resumption{.id = "token", .full_jid = "x"}});
  authenticate();
  offer_stream_management();
  negotiation_->on_element(
      Element{"failed", ns::sm}.set("h", "9").add(Element{"item-not-found", ns::stanza_errors}));
  bind();
  negotiation_->on_element(Element{"enabled", ns::sm});
  ASSERT_TRUE(result_);
  EXPECT_FALSE(result_->resumed);
  EXPECT_EQ(result_->resumption_id, "");
  EXPECT_EQ(result_->server_received, 9U);
}

TEST_F(XmppNegotiation, AResumptionThatIsRefusedWithoutAReasonEndsTheStream) {
  begin({.password = "secret", .resumption = Resumption{.id = "token", .full_jid = "x"}});
  authenticate();
  offer_stream_management();
  negotiation_->on_element(Element{"failed", ns::sm}.set("h", "9"));
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->kind, LoginFailure::Kind::resumption);
}

TEST_F(XmppNegotiation, WithoutStreamManagementTheSessionBeginsAtOnce) {
  begin({.password = "secret"});
  authenticate();
  negotiation_->on_element(features(Element{"bind", ns::bind}));
  bind();
  ASSERT_TRUE(result_);
  EXPECT_FALSE(result_->stream_management);
}

TEST_F(XmppNegotiation, AStreamErrorEndsIt) {
  begin({.password = "secret"}).on_opened();
  negotiation_->on_element(
      Element{"error", ns::stream}.add(Element{"host-unknown", ns::stream_errors}));
  ASSERT_TRUE(failure_);
  EXPECT_EQ(failure_->text, "the server ended the stream: host-unknown");
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
