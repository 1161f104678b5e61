// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/stream/environment.hpp"
#include "puppet_xmpp/stream/scram.hpp"

namespace wechaty::puppet_xmpp::test {

/// The server's side of SCRAM-SHA-256, by one that knows the password.
class ScramServer {
 public:
  /// @param auth  what the client wrote: `<auth ...>base64</auth>`
  ScramServer(const std::string& auth, const std::string& password) {
    const auto begin = auth.find('>') + 1;
    const auto message = from_base64(auth.substr(begin, auth.find('<', begin) - begin));
    client_first_ = message.value().substr(std::string{"n,,"}.size());
    const auto name = client_first_.find("n=") + 2;
    user_ = client_first_.substr(name, client_first_.find(',') - name);
    nonce_ = client_first_.substr(client_first_.find("r=") + 2);
    Scram scram{"SCRAM-SHA-256", user_, password, std::nullopt, nonce_};
    static_cast<void>(scram.client_final(first()));
    key_ = scram.keys().server_key;
  }
  [[nodiscard]] Element challenge() const {
    return Element{"challenge", ns::sasl, to_base64(first())};
  }
  [[nodiscard]] Element success() const {
    const std::string text = client_first_ + "," + first() + ",c=biws,r=" + nonce_ + "XX";
    std::string proof(32, '\0');
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         reinterpret_cast<unsigned char*>(proof.data()), nullptr);
    return Element{"success", ns::sasl, to_base64("v=" + to_base64(proof))};
  }
  [[nodiscard]] const std::string& user() const { return user_; }

 private:
  [[nodiscard]] std::string first() const { return "r=" + nonce_ + "XX,s=QSXCR+Q6sek8bf92,i=4096"; }

  std::string client_first_, user_, nonce_, key_;
};

/// A server in the test's memory: lets everybody in who says "secret", and keeps what it is sent.
/// Its time stands still while anybody is connected, and jumps where a client only waits.
///
/// Thread: any; what a client does comes on the client's loop.
class FakeServer {
 public:
  using Clock = Environment::Clock;

  // Set before the client starts, or through change().
  struct Manners {
    std::string bound = "bot@localhost/r";
    bool cuts_at_once = false;  ///< as soon as there is a session
    bool resumes = true;
    std::optional<std::uint32_t> resumed_h = {};  ///< what it says to have, instead of the truth
    bool acknowledges = true;
  };

  ~FakeServer() { ::close(wake_); }

  void change(const std::function<void(Manners&)>& to) {
    const std::lock_guard lock{mutex_};
    to(manners_);
  }
  /// Say something to the client that is connected.
  void say(Element element) {
    push(
        [element = std::move(element)](StreamListener& listener) { listener.on_element(element); });
  }
  void cut() {
    push([](StreamListener&) {}, true);
  }
  /// Wait until the client has sent something that holds this text, `times` times.
  bool wait_for(const std::string& text, int times = 1) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20}, [&] { return count(text) >= times; });
  }
  bool wait_for_connections(std::size_t wanted) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20},
                             [&] { return dials_.size() >= wanted; });
  }
  /// How often the client has sent something that holds this text.
  int times(const std::string& text) {
    const std::lock_guard lock{mutex_};
    return count(text);
  }
  /// When the client has dialled, by the server's time.
  std::vector<Clock::time_point> dials() {
    const std::lock_guard lock{mutex_};
    return dials_;
  }
  /// The environment of a client whose only server this is.
  std::unique_ptr<Environment> environment() { return std::make_unique<World>(*this); }

 private:
  using Event = std::function<void(StreamListener&)>;

  class Line final : public Connection {
   public:
    Line(FakeServer& server, StreamListener& listener) : server_{server}, listener_{listener} {}

    bool connect(const Endpoint&) override {
      closed_ = false;
      server_.on_connect();
      return true;
    }
    void wait(int wake, std::chrono::milliseconds limit) override {
      std::array<pollfd, 2> places{pollfd{.fd = wake, .events = POLLIN, .revents = 0},
                                   pollfd{.fd = server_.wake_, .events = POLLIN, .revents = 0}};
      ::poll(places.data(), places.size(), static_cast<int>(limit.count()));
      auto [event, ends] = server_.next();  // one at a time: others have turns in between
      if (!event) return;
      event(listener_);
      if (ends) cut();
    }
    void cut() override {
      if (!std::exchange(closed_, true)) listener_.on_closed();
    }
    [[nodiscard]] bool is_closed() const override { return closed_; }
    [[nodiscard]] const std::string& tls_problem() const override { return no_problem_; }
    void open() override { server_.on_open(); }
    bool start_tls() override { return true; }
    void write(std::string_view xml) override { server_.on_write(std::string{xml}); }
    void close() override { server_.cut(); }

   private:
    FakeServer& server_;
    StreamListener& listener_;
    bool closed_ = true;
    const std::string no_problem_;
  };

  class World final : public Environment {
   public:
    explicit World(FakeServer& server) : server_{server} {}
    std::unique_ptr<Connection> make_connection(const XmppOptions&, const Jid&,
                                                StreamListener& listener,
                                                std::stop_token) override {
      return std::make_unique<Line>(server_, listener);
    }
    Clock::time_point now() override { return server_.now(); }
    void idle(int, std::chrono::milliseconds limit) override { server_.pass(limit); }

   private:
    FakeServer& server_;
  };

  Clock::time_point now() {
    const std::lock_guard lock{mutex_};
    return now_;
  }
  void pass(std::chrono::milliseconds time) {
    const std::lock_guard lock{mutex_};
    now_ += time;
  }
  void push(Event event, bool ends = false) {
    {
      const std::lock_guard lock{mutex_};
      events_.emplace_back(std::move(event), ends);
    }
    const std::uint64_t one = 1;
    static_cast<void>(!::write(wake_, &one, sizeof one));
  }
  std::pair<Event, bool> next() {
    const std::lock_guard lock{mutex_};
    std::uint64_t ignored = 0;
    if (events_.empty()) {
      static_cast<void>(!::read(wake_, &ignored, sizeof ignored));
      return {};
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }
  [[nodiscard]] int count(const std::string& text) const {
    int found = 0;
    for (const auto& xml : received_) found += xml.find(text) != std::string::npos ? 1 : 0;
    return found;
  }

  void on_connect() {
    {
      const std::lock_guard lock{mutex_};
      dials_.push_back(now_);
      events_.clear();
      opened_ = 0;
    }
    changed_.notify_all();
    push([](StreamListener& listener) { listener.on_connected(); });
  }
  void on_open() {
    push([](StreamListener& listener) { listener.on_opened(); });
    Element features{"features", ns::stream};
    switch (++opened_) {
      case 1: features.add(Element{"starttls", ns::tls}); break;
      case 2:
        features.add(
            Element{"mechanisms", ns::sasl}.add(Element{"mechanism", ns::sasl, "SCRAM-SHA-256"}));
        break;
      default: features.add(Element{"sm", ns::sm}).add(Element{"bind", ns::bind});
    }
    say(std::move(features));
  }
  void on_write(const std::string& xml) {
    Manners manners;
    {
      const std::lock_guard lock{mutex_};
      received_.push_back(xml);
      manners = manners_;
    }
    answer(xml, manners);
    changed_.notify_all();
  }
  void answer(const std::string& xml, const Manners& manners) {
    const auto begins = [&](const char* with) { return xml.starts_with(with); };
    if (begins("<starttls")) {
      say(Element{"proceed", ns::tls});
    } else if (begins("<auth")) {
      scram_.emplace(xml, "secret");
      say(scram_->challenge());
    } else if (begins("<response")) {
      say(scram_->success());
    } else if (xml.find(ns::bind) != std::string::npos) {
      say(Element{"iq", ns::client}
              .set("type", "result")
              .set("id", "bind")
              .add(Element{"bind", ns::bind}.add(Element{"jid", ns::bind, manners.bound})));
    } else if (begins("<enable ")) {
      stanzas_ = 0;
      say(Element{"enabled", ns::sm}.set("id", "token").set("resume", "true"));
      if (manners.cuts_at_once) cut();
    } else if (begins("<resume ") && manners.resumes) {
      stanzas_ = manners.resumed_h.value_or(stanzas_);
      say(Element{"resumed", ns::sm}.set("previd", "token").set("h", std::to_string(stanzas_)));
      if (manners.cuts_at_once) cut();
    } else if (begins("<resume ")) {
      say(Element{"failed", ns::sm}.add(Element{"item-not-found", ns::stanza_errors}));
    } else if (begins("<r ")) {
      if (manners.acknowledges) {
        say(Element{"a", ns::sm}.set("h", std::to_string(stanzas_)));
      }
    } else if (!begins("<a ")) {
      ++stanzas_;
    }
  }

  const int wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  // The client's loop's own.
  int opened_ = 0;
  std::uint32_t stanzas_ = 0;
  std::optional<ScramServer> scram_;

  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  Manners manners_;
  Clock::time_point now_{};
  std::vector<Clock::time_point> dials_;
  std::deque<std::pair<Event, bool>> events_;
  std::vector<std::string> received_;
};

}  // namespace wechaty::puppet_xmpp::test
