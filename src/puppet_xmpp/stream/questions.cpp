// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/questions.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

std::string describe(const Element& iq) {
  const std::string what = iq.children.empty() ? iq.name : iq.children[0].name;
  const std::string to{iq.attr("to")};
  return what + " to " + (to.empty() ? "the server" : "\"" + to + "\"") + ": ";
}

}  // namespace

Question::Question(Element question, std::function<void(const std::string& problem)> then)
    : iq{std::move(question)}, about_{describe(iq)}, then_{std::move(then)} {}

void Question::settle(std::optional<Element> answer, const std::string& problem) {
  {
    const std::lock_guard lock{mutex_};
    if (answer_ || problem_) return;
    if (answer) {
      answer_ = std::move(answer);
    } else {
      problem_ = problem;
    }
  }
  changed_.notify_all();
  if (then_) then_(problem);
}

Element Question::wait(std::chrono::milliseconds limit, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, limit, [this] { return answer_ || problem_; });
  if (answer_) return *answer_;
  if (stop.stop_requested()) throw puppet::CancelledError{about_ + "the puppet was stopped"};
  if (problem_) throw puppet::Error{about_ + *problem_};
  problem_ = "nobody waits any more";
  throw puppet::TimeoutError{about_ + "no answer within " + std::to_string(limit.count()) + " ms"};
}

void Questions::add(const Pointer& question) {
  const std::string id = "q" + std::to_string(++last_id_) + "-" + random_text(8);
  question->iq.set("id", id);
  sent_.emplace(id, question);
}

void Questions::forget(const Pointer& question) {
  std::erase_if(sent_, [&](const auto& entry) { return entry.second == question; });
  std::erase(parked_, question);
}

bool Questions::is_from_asked(const Element& iq, const Element& question) const {
  const std::string_view asked = question.attr("to");
  const std::string_view from = iq.attr("from");
  if (asked.empty()) {  // the own server answers for the account
    return from.empty() || from == account_.domain || bare_jid(from) == account_.bare();
  }
  const auto asked_jid = Jid::parse(asked);
  return asked_jid == Jid::parse(from) ||
         (asked_jid && asked_jid->full() == account_.bare() && from.empty());
}

bool Questions::answer(const Element& iq) {
  const std::string_view type = iq.attr("type");
  if (type != "result" && type != "error") return false;
  const auto found = sent_.find(iq.attr("id"));
  if (found == sent_.end()) return true;  // late, or forged: nobody waits for it
  if (!is_from_asked(iq, found->second->iq)) {
    log_.warn("XMPP {}: an answer from {}, who was not asked, is ignored", account_.bare(),
              iq.attr("from"));
    return true;
  }
  const Pointer question = std::move(found->second);
  sent_.erase(found);
  question->settle(iq, {});
  return true;
}

void Questions::fail_sent(const std::string& why) {
  for (auto& [id, question] : std::exchange(sent_, {})) question->settle({}, why);
}

void Questions::fail_all(const std::string& why) {
  fail_sent(why);
  for (auto& question : take_parked()) question->settle({}, why);
}

}  // namespace wechaty::puppet_xmpp
