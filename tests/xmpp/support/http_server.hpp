// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "support/temp_folder.hpp"

namespace wechaty::puppet_xmpp::test {

/// A web server on loopback whose every answer the test writes itself, byte by byte. One port for
/// http and https, with a certificate of its own for 127.0.0.1.
class HttpServer {
 public:
  /// One request that is being answered.
  class Answer {
   public:
    Answer(int socket, SSL* tls) : socket_{socket}, tls_{tls} {}
    /// @result whether the other side still listens
    bool write(std::string_view bytes) {
      const int size = static_cast<int>(bytes.size());
      const auto count = tls_ ? SSL_write(tls_, bytes.data(), size)
                              : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count > 0) written_ += bytes.size();
      return count > 0;
    }
    /// @result whether the other side has gone within this time
    [[nodiscard]] bool is_gone_within(int milliseconds) const {
      pollfd place{.fd = socket_, .events = POLLIN, .revents = 0};
      return ::poll(&place, 1, milliseconds) > 0;
    }
    [[nodiscard]] std::size_t written() const { return written_; }

   private:
    int socket_;
    SSL* tls_;
    std::size_t written_ = 0;
  };
  using Handler = std::function<void(const std::string& path, Answer& answer)>;

  /// @param handler  writes an answer; runs on a thread of each connection
  explicit HttpServer(Handler handler) : handler_{std::move(handler)} {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
    certify();
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket_, generic, length) != 0 || ::listen(socket_, 16) != 0 ||
        ::getsockname(socket_, generic, &length) != 0) {
      throw std::runtime_error{"web server"};
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread{[this](const std::stop_token& stop) { accept(stop); }};
  }
  ~HttpServer() {
    acceptor_.request_stop();
    acceptor_.join();
    answering_.clear();
    ::close(socket_);
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// @param scheme  "http" or "https"
  [[nodiscard]] std::string url(const std::string& scheme, const std::string& path = "") const {
    return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
  }
  [[nodiscard]] std::string port() const { return std::to_string(port_); }
  [[nodiscard]] std::string ca_file() const { return folder_ / "ca.pem"; }
  [[nodiscard]] int connections() const { return connections_; }

 private:
  template <auto Free>
  struct Freed {
    template <class T>
    void operator()(T* thing) const {
      Free(thing);
    }
  };

  void certify() {
    const std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> key{EVP_EC_gen("P-256")};
    const std::unique_ptr<X509, Freed<X509_free>> certificate{X509_new()};
    X509_set_version(certificate.get(), 2);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* const subject = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    const std::unique_ptr<X509_EXTENSION, Freed<X509_EXTENSION_free>> name{
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1")};
    X509_add_ext(certificate.get(), name.get(), -1);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const std::unique_ptr<FILE, Freed<std::fclose>> file{std::fopen(ca_file().c_str(), "w")};
    PEM_write_X509(file.get(), certificate.get());
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    if (SSL_CTX_use_certificate(tls_.get(), certificate.get()) != 1 ||
        SSL_CTX_use_PrivateKey(tls_.get(), key.get()) != 1) {
      throw std::runtime_error{"web server: certificate"};
    }
  }
  void accept(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      pollfd place{.fd = socket_, .events = POLLIN, .revents = 0};
      if (::poll(&place, 1, 20) <= 0) continue;
      const int connection = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      ++connections_;
      answering_.emplace_back([this, connection] {
        serve(connection);
        ::close(connection);
      });
    }
  }
  void serve(int connection) const {
    char first = 0;
    if (::recv(connection, &first, 1, MSG_PEEK) != 1) return;
    std::unique_ptr<SSL, Freed<SSL_free>> tls;
    if (first == '\x16') {  // a handshake
      tls.reset(SSL_new(tls_.get()));
      SSL_set_fd(tls.get(), connection);
      if (SSL_accept(tls.get()) != 1) return;
    }
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos) {
      std::array<char, 4'096> buffer{};
      const int size = static_cast<int>(buffer.size());
      const auto count = tls ? SSL_read(tls.get(), buffer.data(), size)
                             : ::recv(connection, buffer.data(), buffer.size(), 0);
      if (count <= 0) return;
      request.append(buffer.data(), static_cast<std::size_t>(count));
    }
    const auto begin = request.find(' ') + 1;
    Answer answer{connection, tls.get()};
    handler_(request.substr(begin, request.find(' ', begin) - begin), answer);
    if (tls) SSL_shutdown(tls.get());
  }

  const Handler handler_;
  const puppet::test::TempFolder folder_;
  std::unique_ptr<SSL_CTX, Freed<SSL_CTX_free>> tls_;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::jthread acceptor_;
  std::vector<std::jthread> answering_;  // the acceptor's, then the destructor's
};

}  // namespace wechaty::puppet_xmpp::test
