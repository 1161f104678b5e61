// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "puppet_xmpp/element.hpp"
#include "puppet_xmpp/jid.hpp"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace wechaty::puppet_xmpp {

/// An iq on its way to somebody (RFC 6120, section 8.2.3); who asked waits for the answer.
///
/// Thread: any; `iq` and `then` belong to the loop.
class Question {
 public:
  /// @param then  called on the loop's thread when it is settled, for an asker that does not wait
  explicit Question(Element question, std::function<void(const std::string& problem)> then = {});

  /// It is answered, or never will be; the first time counts.
  void settle(std::optional<Element> answer, const std::string& problem);
  /// Return the answer. @throws CancelledError; TimeoutError; Error with what went wrong
  [[nodiscard]] Element wait(std::chrono::milliseconds limit, const std::stop_token& stop);

  Element iq;

 private:
  const std::string about_;  // how errors call it
  const std::function<void(const std::string& problem)> then_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable_any changed_;
  std::optional<Element> answer_;
  std::optional<std::string> problem_;
};

/// The questions of an account that wait for their answers, and whose answers are believed.
///
/// Thread: the loop's.
class Questions {
 public:
  using Pointer = std::shared_ptr<Question>;

  Questions(const Jid& account, spdlog::logger& log) : account_{account}, log_{log} {}

  /// It is sent now, with the id that it gets here.
  void add(const Pointer& question);
  /// It has to wait for a session.
  void park(Pointer question) { parked_.push_back(std::move(question)); }
  [[nodiscard]] std::vector<Pointer> take_parked() { return std::exchange(parked_, {}); }
  /// Nobody waits for it any more.
  void forget(const Pointer& question);
  /// Settle a question, if it was asked of whom this is from.
  /// @result whether the iq is an answer at all
  bool answer(const Element& iq);
  /// Those that were sent are not answered any more.
  void fail_sent(const std::string& why);
  /// Nothing is answered any more.
  void fail_all(const std::string& why);

 private:
  [[nodiscard]] bool is_from_asked(const Element& iq, const Element& question) const;

  const Jid& account_;
  spdlog::logger& log_;
  std::uint64_t last_id_ = 0;
  std::map<std::string, Pointer, std::less<>> sent_;
  std::vector<Pointer> parked_;
};

}  // namespace wechaty::puppet_xmpp
