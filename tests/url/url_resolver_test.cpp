// SPDX-License-Identifier: Apache-2.0
// UrlResolver against an HTTP and an HTTPS server on loopback (server.mjs).
#include "wechaty/puppet_url/url_resolver.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "support/server_process.hpp"
#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet_url {
namespace {

using namespace std::chrono_literals;
using namespace puppet;  // errors and boxes
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What a call throws, as text; "" when it throws nothing.
template <class Expected, class Call>
std::string thrown(Call call) {
  try {
    static_cast<void>(call());
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Expected& error) {
    return error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another error: " << error.what();
  }
  return {};
}

class UrlResolverTest : public testing::Test {
 protected:
  static std::shared_ptr<UrlResolver> resolver(UrlResolverOptions options) {
    return std::make_shared<UrlResolver>(std::move(options));
  }
  /// One that may go to loopback, as a test has to.
  static std::shared_ptr<UrlResolver> anywhere(UrlResolverOptions options = {}) {
    options.may_connect = any_address;
    return resolver(std::move(options));
  }
  [[nodiscard]] std::string http(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(http_) + path;
  }
  [[nodiscard]] std::string https(const std::string& host, const std::string& path) const {
    return "https://" + host + ":" + std::to_string(https_) + path;
  }
  static FileBox box(const std::string& url, std::shared_ptr<FileBoxResolver> by = anywhere()) {
    return FileBox::from_url(url).with_resolver(std::move(by));
  }
  /// The requests that came to the servers.
  [[nodiscard]] std::vector<std::string> seen() const {
    return json::parse(box(http("/seen")).to_text()).get<std::vector<std::string>>();
  }
  [[nodiscard]] std::string certificate() const { return folder_ / "certificate.pem"; }

 private:
  std::string make_certificate() {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout '" +
        (folder_ / "key.pem") + "' -out '" + certificate() + "' 2>/dev/null";
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"openssl"};
    return certificate();
  }
  [[nodiscard]] bool is_up() const {
    try {
      return !seen().empty() || true;
    } catch (const Error&) {
      return false;
    }
  }

  const test::TempFolder folder_;
  const std::string certificate_ = make_certificate();
  const std::uint16_t http_ = test::free_port();
  const std::uint16_t https_ = test::free_port();
  test::ServerProcess server_{
      {"node", WECHATY_PUPPET_SOURCE_DIR "/tests/url/server.mjs", std::to_string(http_),
       std::to_string(https_), folder_ / "key.pem", certificate()},
      folder_ / "log",
      [this] { return is_up(); }};
};

TEST_F(UrlResolverTest, FetchesAndDescribes) {
  const auto hello = box(http("/hello"));
  EXPECT_EQ(hello.to_text(), "hello");
  EXPECT_EQ(box(http("/empty")).to_text(), "");
  const auto ready = hello.ready();
  EXPECT_EQ(ready.name(), "漢.txt");
  EXPECT_EQ(ready.declared_media_type(), "text/plain; charset=utf-8");
  EXPECT_EQ(ready.size(), 5U);
  EXPECT_EQ(seen().back(), "HEAD /hello");
  EXPECT_EQ(conventional(ready).name(), "漢.txt");
}

TEST_F(UrlResolverTest, AServerWithoutHeadIsAskedByGet) {
  const auto ready = box(http("/no-head")).ready();
  EXPECT_EQ(ready.declared_media_type(), "image/png");
  EXPECT_EQ(conventional(ready).name(), "no-head.png");
  EXPECT_EQ(seen(), (std::vector<std::string>{"HEAD /no-head", "GET /no-head"}));
}

TEST_F(UrlResolverTest, WhatTheServerDoesNotSayStaysUnknown) {
  const auto ready = box(http("/chunked?bytes=10")).ready();
  EXPECT_EQ(ready.name(), "chunked");
  EXPECT_EQ(ready.size(), std::nullopt);
}

TEST_F(UrlResolverTest, RedirectsAreFollowedUpToALimit) {
  EXPECT_EQ(box(http("/redirect?n=6")).to_text(), "hello");
  EXPECT_EQ(box(http("/redirect?n=6")).ready().size(), 5U);
  thrown<NetworkError>([&] { return box(http("/redirect?n=7")).to_text(); });
  thrown<NetworkError>(
      [&] { return box(http("/redirect?n=1"), anywhere({.max_redirects = 0})).to_text(); });
  EXPECT_EQ(
      box(http("/to?url=" + https("localhost", "/plain")), anywhere({.ca_file = certificate()}))
          .to_text(),
      "plain");
}

TEST_F(UrlResolverTest, OnlyHttpAndHttpsAlsoAfterARedirect) {
  for (const std::string url : {"file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x",
                                "dict://127.0.0.1/x", "data:text/plain,x"}) {
    thrown<InvalidArgumentError>([&] { return box(http("/to?url=" + url)).to_text(); });
    thrown<InvalidArgumentError>([&] { return anywhere()->open_url(url, {}); });
  }
}

TEST_F(UrlResolverTest, StatusesBecomeErrors) {
  const auto status = [&](int code) { return box(http("/status?code=" + std::to_string(code))); };
  EXPECT_THAT(thrown<NotFoundError>([&] { return status(404).to_text(); }), HasSubstr("404"));
  thrown<NotFoundError>([&] { return status(410).open(); });
  thrown<NotFoundError>([&] { return status(404).ready(); });
  thrown<TimeoutError>([&] { return status(504).to_text(); });
  for (const int code : {304, 400, 401, 403, 500, 503}) {
    EXPECT_THAT(thrown<NetworkError>([&] { return status(code).to_text(); }),
                HasSubstr(std::to_string(code)));
  }
}

TEST_F(UrlResolverTest, ErrorsNameTheUrlWithoutItsSecrets) {
  std::string url = http("/status?code=404&token=secret-token");
  url.insert(7, "user:secret-password@");
  const std::string text = thrown<NotFoundError>([&] { return box(url).to_text(); });
  EXPECT_THAT(text, HasSubstr(http("/status")));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST_F(UrlResolverTest, HeadersAreSent) {
  const auto sent = [&](std::map<std::string, std::string> headers) {
    return json::parse(FileBox::from_url(http("/echo"), {.headers = std::move(headers)})
                           .with_resolver(anywhere())
                           .to_text());
  };
  const json headers = sent({{"X-Token", "abc"}, {"X-Empty", ""}, {"User-Agent", "me"}});
  EXPECT_EQ(headers.at("x-token"), "abc");
  EXPECT_EQ(headers.at("x-empty"), "");
  EXPECT_EQ(headers.at("user-agent"), "me");
  EXPECT_THAT(sent({}).at("user-agent"), HasSubstr("wechaty-puppet-cpp/"));
  EXPECT_FALSE(sent({{"Transfer-Encoding", "chunked"}}).contains("transfer-encoding"));
  EXPECT_NE(sent({{"hOST", "elsewhere"}}).at("host"), "elsewhere");
}

TEST_F(UrlResolverTest, HeadersCannotSmuggleOthers) {
  for (const auto& [name, value] : std::map<std::string, std::string>{
           {"X", "a\r\nY: b"}, {"X\r\nY", "b"}, {"X:Y", "b"}, {"", "b"}, {"X Y", "b"}}) {
    thrown<InvalidArgumentError>([&, name = name, value = value] {
      return FileBox::from_url(http("/echo"), {.headers = {{name, value}}})
          .with_resolver(anywhere())
          .to_text();
    });
  }
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(UrlResolverTest, AuthorizationStaysWithItsHost) {
  const std::string other = "http://127.0.0.2:" + http("").substr(17) + "/echo";
  const auto sent = json::parse(
      FileBox::from_url(http("/to?url=" + other),
                        {.headers = {{"Authorization", "secret"}, {"Cookie", "secret"}}})
          .with_resolver(anywhere())
          .to_text());
  EXPECT_THAT(sent.dump(), Not(HasSubstr("secret")));
}

TEST_F(UrlResolverTest, SizesAreLimited) {
  const auto limited = anywhere({.max_bytes = 100'000});
  EXPECT_EQ(box(http("/sized?bytes=100000"), limited).to_text().size(), 100'000U);
  EXPECT_EQ(box(http("/chunked?bytes=100000"), limited).to_text().size(), 100'000U);
  thrown<TooLargeError>([&] { return box(http("/sized?bytes=100001"), limited).open(); });
  thrown<TooLargeError>([&] { return box(http("/chunked?bytes=100001"), limited).to_text(); });
  EXPECT_EQ(box(http("/sized?bytes=100001"), limited).ready().size(), 100'001U);
}

TEST_F(UrlResolverTest, HeadersWithoutEndAreRefused) {
  thrown<NetworkError>([&] { return box(http("/headers")).to_text(); });
}

TEST_F(UrlResolverTest, AContentThatEndsTooEarlyIsNoContent) {
  const test::TempFolder folder;
  thrown<NetworkError>([&] { return box(http("/cut")).to_text(); });
  thrown<NetworkError>([&] {
    box(http("/cut")).to_file(folder / "x");
    return 0;
  });
  EXPECT_THAT(folder.names(), IsEmpty());
}

TEST_F(UrlResolverTest, AServerThatKeepsUsWaitingIsLeft) {
  const auto impatient = anywhere({.stall_timeout = 300ms});
  thrown<TimeoutError>([&] { return box(http("/silent"), impatient).open(); });
  thrown<TimeoutError>([&] { return box(http("/stalls"), impatient).to_text(); });
  thrown<TimeoutError>([&] {
    return box(http("/drips"), anywhere({.stall_timeout = 300ms, .least_bytes_per_second = 1'000}))
        .to_text();
  });
}

TEST_F(UrlResolverTest, AReaderMayTakeItsTime) {
  const auto impatient = anywhere({.stall_timeout = 300ms, .least_bytes_per_second = 1'000'000});
  const auto source = box(http("/chunked?bytes=5000000"), impatient).open();
  std::vector<std::byte> buffer(1'000'000);
  std::size_t bytes = source->read(buffer);
  std::this_thread::sleep_for(600ms);  // longer than a server may take
  while (const std::size_t count = source->read(buffer)) bytes += count;
  EXPECT_EQ(bytes, 5'000'000U);
}

TEST_F(UrlResolverTest, NobodyThereIsANetworkError) {
  thrown<NetworkError>(
      [] { return box("http://127.0.0.1:" + std::to_string(test::free_port()) + "/x").open(); });
  thrown<NetworkError>([] { return box("http://no-such-host.invalid/x").open(); });
}

TEST_F(UrlResolverTest, WhatIsNoUrlIsRefused) {
  for (const std::string url : {"http://", "http://x:99999999/", "http:// /", "http://x y/"}) {
    thrown<InvalidArgumentError>([&] { return box(url).open(); });
  }
}

// --- addresses -----------------------------------------------------------------------------

TEST_F(UrlResolverTest, ByDefaultNoRequestGoesToThisMachine) {
  const auto careful = resolver({});
  const std::string port = http("").substr(17);
  for (const std::string host :
       {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "0",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "127.0.0.2"}) {
    const std::string url = "http://" + host + ":" + port + "/hello";
    EXPECT_THAT(thrown<InvalidArgumentError>([&] { return box(url, careful).open(); }),
                HasSubstr("may not be connected to"))
        << host;
    thrown<InvalidArgumentError>([&] { return box(url, careful).ready(); });
  }
  EXPECT_THAT(seen(), IsEmpty());
}

TEST_F(UrlResolverTest, AddressesAreCheckedAfterRedirectsToo) {
  std::vector<std::string> asked;
  const auto picky = resolver({.may_connect = [&](std::string_view address) {
    asked.emplace_back(address);
    return address == "127.0.0.1";
  }});
  const std::string elsewhere = "http://127.0.0.2:" + http("").substr(17) + "/hello";
  thrown<InvalidArgumentError>([&] { return box(http("/to?url=" + elsewhere), picky).to_text(); });
  EXPECT_EQ(asked, (std::vector<std::string>{"127.0.0.1", "127.0.0.2"}));
  EXPECT_EQ(seen().size(), 1U);
}

TEST_F(UrlResolverTest, AProxyOfTheEnvironmentIsNotUsed) {
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
  EXPECT_EQ(box(http("/hello")).to_text(), "hello");
  const std::string url = "http://example.invalid/x";
  std::vector<std::string> asked;
  const auto watching = resolver({.may_connect = [&](std::string_view address) {
    asked.emplace_back(address);
    return false;
  }});
  thrown<NetworkError>([&] { return box(url, watching).open(); });
  EXPECT_THAT(asked, IsEmpty()) << "the proxy was asked";
}

// --- TLS -----------------------------------------------------------------------------------

TEST_F(UrlResolverTest, CertificatesAreVerified) {
  const auto trusting = anywhere({.ca_file = certificate()});
  EXPECT_EQ(box(https("localhost", "/hello"), trusting).to_text(), "hello");
  EXPECT_EQ(box(https("127.0.0.1", "/hello"), trusting).ready().size(), 5U);
  thrown<NetworkError>([&] { return box(https("127.0.0.1", "/hello")).open(); });
  thrown<NetworkError>([&] { return box(https("127.0.0.2", "/hello"), trusting).open(); });
  thrown<NetworkError>([&] {
    return box(https("localhost", "/hello"), anywhere({.ca_file = "/no/such/file"})).open();
  });
}

// --- memory --------------------------------------------------------------------------------

class LargeFileBehindAUrl : public UrlResolverTest {};

TEST_F(LargeFileBehindAUrl, TakesLittleMemory) {
  constexpr std::uint64_t size = 300'000'000;
  const pid_t child = ::fork();
  if (child == 0) {
    std::uint64_t bytes = 0;
    box(http("/chunked?bytes=" + std::to_string(size))).pipe([&](std::span<const std::byte> chunk) {
      bytes += chunk.size();
    });
    std::ifstream status{"/proc/self/status"};
    std::uint64_t peak = 0;
    for (std::string word; status >> word;) {
      if (word == "VmHWM:") status >> peak;
    }
    std::fprintf(stderr, "peak %.1f MB\n", static_cast<double>(peak) / 1'000);
    ::_exit(bytes != size ? 1 : peak > 20'000 ? 2 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(UrlResolver, LimitsThatCannotBeAreRefused) {
  EXPECT_THROW(UrlResolver({.stall_timeout = 0ms}), InvalidArgumentError);
  EXPECT_THROW(UrlResolver({.max_bytes = 0}), InvalidArgumentError);
  EXPECT_THROW(UrlResolver({.may_connect = nullptr}), InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet_url
