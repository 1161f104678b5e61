// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/http.hpp"

#include <gtest/gtest.h>

#include <future>

#include "wechaty/puppet/error.hpp"
#include "xmpp/support/http_server.hpp"

namespace wechaty::puppet_xmpp::test {
namespace {

using namespace std::chrono_literals;
using Answer = HttpServer::Answer;

void redirect(Answer& answer, const std::string& to) {
  answer.write("HTTP/1.1 302 Found\r\nLocation: " + to + "\r\nContent-Length: 0\r\n\r\n");
}

class XmppHttp : public testing::Test {
 protected:
  /// The server answers like this, and its plain port is our own storage.
  HttpServer& serve(HttpServer::Handler handler) {
    server_ = std::make_unique<HttpServer>(std::move(handler));
    own_ = server_->url("http");
    limits_.ca_file = server_->ca_file();
    return *server_;
  }
  HttpFile get(const std::string& url) { return http_get(url, own_, limits_, stop_.get_token()); }
  HttpFile get_own() { return get(server_->url("http", "/file")); }

  std::unique_ptr<HttpServer> server_;
  std::string own_;
  HttpLimits limits_{.ca_file = {}, .stall = 20s, .total = 20s, .max_bytes = 10'000};
  std::stop_source stop_;
};

TEST_F(XmppHttp, AFileComesWithTheTypeAndNameThatTheServerTells) {
  serve([](const std::string& path, Answer& answer) {
    answer.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
        "Content-Disposition: attachment; filename*=UTF-8''a%20b.txt\r\n\r\n" +
        path);
  });
  const HttpFile file = get_own();
  EXPECT_EQ(file.bytes, "/file");
  EXPECT_EQ(file.media_type, "text/plain");
  EXPECT_EQ(file.name, "a b.txt");
}

TEST_F(XmppHttp, AFileThatComesTooSlowlyEndsAtTheTotalLimit) {
  serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n");
    while (!answer.is_gone_within(20) && answer.write("x")) {
    }
  });
  limits_.total = 300ms;
  EXPECT_THROW(get_own(), puppet::TimeoutError);
}

TEST_F(XmppHttp, TheTotalLimitIsForAllRedirectsTogether) {
  HttpServer& server = serve([](const std::string& path, Answer& answer) {
    if (answer.is_gone_within(200)) return;
    redirect(answer, path + "x");
  });
  own_ = server.url("https");
  limits_.total = 500ms;
  EXPECT_THROW(get(server.url("https", "/a")), puppet::TimeoutError);
}

TEST_F(XmppHttp, AFileThatDoesNotComeEndsAtTheStallLimit) {
  serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nx");
    static_cast<void>(answer.is_gone_within(20'000));
  });
  limits_.stall = 1s;
  limits_.total = 1h;
  EXPECT_THROW(get_own(), puppet::TimeoutError);
}

TEST_F(XmppHttp, AFileThatSaysThatItIsTooLargeIsNotRead) {
  serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 10001\r\n\r\n");
    static_cast<void>(answer.is_gone_within(20'000));
  });
  EXPECT_THROW(get_own(), puppet::TooLargeError);
}

TEST_F(XmppHttp, AFileThatDoesNotSayHowLargeItIsIsCutOffWhileItComes) {
  std::promise<std::size_t> written;
  serve([&](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "100\r\n" + std::string(256, 'x') + "\r\n";
    while (!answer.is_gone_within(0) && answer.write(chunk)) {
    }
    written.set_value(answer.written());
  });
  EXPECT_THROW(get_own(), puppet::TooLargeError);
  EXPECT_LT(written.get_future().get(), 100'000'000U);
}

TEST_F(XmppHttp, AFileOfExactlyTheLimitIsTaken) {
  serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n" + std::string(10'000, 'x'));
  });
  EXPECT_EQ(get_own().bytes.size(), 10'000U);
}

TEST_F(XmppHttp, AStopEndsADownload) {
  std::promise<void> begun;
  serve([&](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nx");
    begun.set_value();
    static_cast<void>(answer.is_gone_within(20'000));
  });
  auto download = std::async(std::launch::async, [&] { return get_own(); });
  begun.get_future().get();
  stop_.request_stop();
  EXPECT_THROW(download.get(), puppet::CancelledError);
}

TEST_F(XmppHttp, ARedirectIsFollowedToHttpsOnly) {
  for (const std::string to : {"http://127.0.0.1:1/x", "file:///etc/passwd", "/again",
                               "gopher://127.0.0.1/", "ftp://example.org/x"}) {
    serve([&](const std::string& path, Answer& answer) {
      if (path == "/file") redirect(answer, to);
      answer.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
    });
    EXPECT_THROW(get_own(), puppet::InvalidArgumentError) << to;
  }
}

TEST_F(XmppHttp, FiveRedirectsAreFollowedAndNoMore) {
  HttpServer& server = serve([&](const std::string& path, Answer& answer) {
    const int left = std::stoi(path.substr(1));
    if (left > 0) return redirect(answer, server_->url("https", "/" + std::to_string(left - 1)));
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  own_ = server.url("https");
  EXPECT_EQ(get(server.url("https", "/5")).bytes, "ok");
  EXPECT_THROW(get(server.url("https", "/6")), puppet::NetworkError);
}

TEST_F(XmppHttp, AnAddressOfThisMachineIsRefusedByWhateverName) {
  HttpServer& server = serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
  });
  for (const std::string host : {"127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001",
                                 "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]"}) {
    EXPECT_THROW(get("https://" + host + ":" + server.port() + "/"), puppet::InvalidArgumentError)
        << host;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(XmppHttp, ARedirectOfTheOwnStorageDoesNotLeadIntoThePrivateNetwork) {
  HttpServer inside{[](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret");
  }};
  serve([&](const std::string&, Answer& answer) { redirect(answer, inside.url("https", "/x")); });
  EXPECT_THROW(get_own(), puppet::InvalidArgumentError);
  EXPECT_EQ(inside.connections(), 0);
}

TEST_F(XmppHttp, WithoutTlsNothingButTheOwnStorageIsAsked) {
  HttpServer& server = serve([](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  for (const std::string url : {"http://example.org/", "ftp://example.org/x", "file:///etc/passwd",
                                "http://127.0.0.1:1/"}) {
    EXPECT_THROW(get(url), puppet::InvalidArgumentError) << url;
  }
  EXPECT_THROW(http_get(server.url("http", "/"), "", limits_, {}), puppet::InvalidArgumentError);
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(XmppHttp, WhatIsGoneIsNotFoundAndOtherAnswersAreErrors) {
  int status = 0;
  serve([&](const std::string&, Answer& answer) {
    answer.write("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\n\r\n");
  });
  for (const int gone : {404, 410}) {
    status = gone;
    EXPECT_THROW(get_own(), puppet::NotFoundError) << gone;
  }
  for (const int other : {304, 403, 500}) {
    status = other;
    EXPECT_THROW(get_own(), puppet::NetworkError) << other;
  }
}

TEST(XmppUrl, AnOriginHasOneForm) {
  EXPECT_EQ(origin_of("HTTPS://Example.ORG:443/x?y#z"), "https://example.org");
  EXPECT_EQ(origin_of("http://example.org:80"), "http://example.org");
  EXPECT_EQ(origin_of("http://example.org:443/"), "http://example.org:443");
  for (const char* other : {"ftp://h/", "h/x", "https://", "https://user@h/", "https://h\\@x/"}) {
    EXPECT_EQ(origin_of(other), "") << other;
  }
}

}  // namespace
}  // namespace wechaty::puppet_xmpp::test
