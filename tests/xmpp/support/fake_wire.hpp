// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "puppet_xmpp/host.hpp"
#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp::test {

/// A server that the test plays: keeps what is sent, and answers as it is told.
class FakeWire final : public Wire {
 public:
  using Answer = std::function<Element(const Element& iq)>;

  void send(Element stanza) override { sent.push_back(stanza.to_xml(ns::client)); }
  void deliver(Element stanza) override { send(std::move(stanza)); }
  Element ask(Element iq) override {
    asked.push_back(iq.to_xml(ns::client));
    if (answers.empty()) throw std::logic_error{"nobody expected " + asked.back()};
    const Answer answer = std::move(answers.front());
    answers.pop_front();
    return answer(iq);
  }
  [[nodiscard]] std::string self() const override { return "bot@localhost"; }

  /// The next question is answered with this content.
  void expect(Element content) {
    answers.push_back(
        [content = std::move(content)](const Element& iq) { return result(iq).add(content); });
  }
  void expect_ok() {
    answers.push_back([](const Element& iq) { return result(iq); });
  }
  void expect_error(const std::string& condition) {
    answers.push_back([condition](const Element& iq) {
      return result(iq)
          .set("type", "error")
          .add(Element{"error", ns::client}
                   .set("type", "cancel")
                   .add(Element{condition, ns::stanza_errors}));
    });
  }
  [[nodiscard]] static Element result(const Element& iq) {
    return Element{"iq", ns::client}.set("type", "result").set("from", iq.attr("to"));
  }

  std::vector<std::string> sent;
  std::vector<std::string> asked;
  std::deque<Answer> answers;
};

/// A puppet that keeps what it is told.
class FakeHost final : public Host {
 public:
  void report(puppet::EventPayload event) override { events.push_back(std::move(event)); }
  void receive(puppet::MessagePayload message) override { messages.push_back(std::move(message)); }
  void receive(puppet::FriendshipPayload friendship) override {
    friendships.push_back(std::move(friendship));
  }
  void report_error(std::exception_ptr error) override {
    try {
      std::rethrow_exception(std::move(error));
    } catch (const std::exception& what) {
      errors.emplace_back(what.what());
    }
  }

  /// The events of one kind.
  template <class E>
  [[nodiscard]] std::vector<E> of() const {
    std::vector<E> found;
    for (const auto& event : events) {
      if (const auto* one = std::get_if<E>(&event)) found.push_back(*one);
    }
    return found;
  }

  std::vector<puppet::EventPayload> events;
  std::vector<puppet::MessagePayload> messages;
  std::vector<puppet::FriendshipPayload> friendships;
  std::vector<std::string> errors;
};

inline Element stanza(std::string_view name, std::string_view from, std::string_view type = {}) {
  return Element{name, ns::client}.set("from", from).set("type", type);
}

}  // namespace wechaty::puppet_xmpp::test
