// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/deliveries.hpp"

#include <utility>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/wire.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

bool may_refuse(const Element& error, std::string_view to, std::string_view self) {
  const std::string_view from = error.attr("from");
  if (from.empty()) return true;  // the own server (RFC 6120, section 8.1.2.1)
  const auto sender = Jid::parse(from);
  const auto own = Jid::parse(self);
  if (!sender) return false;
  return sender->bare() == bare_jid(to) || (own && sender->full() == own->domain) ||
         sender->full() == self;
}

void Deliveries::begin(const std::string& id, std::string to, bool in_room) {
  const std::lock_guard lock{mutex_};
  under_way_.emplace(
      id,
      Delivery{
          .to = std::move(to), .in_room = in_room, .done = false, .problem = {}, .refusal = {}});
}

void Deliveries::settled(const std::string& id, const std::string& problem) {
  {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(id);
    if (found == under_way_.end()) return;
    found->second.problem = problem;
    if (!found->second.in_room || !problem.empty()) found->second.done = true;
  }
  changed_.notify_all();
}

bool Deliveries::came_back(std::string_view id) {
  {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(id);
    if (found == under_way_.end()) return false;
    found->second.done = true;
    found->second.problem.clear();
  }
  changed_.notify_all();
  return true;
}

bool Deliveries::refused(const Element& error, std::string_view self) {
  {
    const std::lock_guard lock{mutex_};
    const auto found = under_way_.find(error.attr("id"));
    if (found == under_way_.end() || !may_refuse(error, found->second.to, self)) return false;
    found->second.refusal = error;
    found->second.done = true;
  }
  changed_.notify_all();
  return true;
}

bool Deliveries::is_waiting(std::string_view id) const {
  const std::lock_guard lock{mutex_};
  const auto found = under_way_.find(id);
  return found != under_way_.end() && !found->second.done;
}

void Deliveries::wait_for(const std::string& id, std::string_view what,
                          std::chrono::milliseconds limit, const std::stop_token& stop) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, stop, limit, [&] { return under_way_.at(id).done; });
  const Delivery delivery = std::move(under_way_.at(id));
  under_way_.erase(id);
  lock.unlock();
  const std::string about{what};
  if (delivery.refusal) throw_stanza_error(*delivery.refusal, about);
  if (!delivery.problem.empty()) throw puppet::Error{about + ": " + delivery.problem};
  if (delivery.done) return;
  if (stop.stop_requested()) throw puppet::CancelledError{about + ": the puppet was stopped"};
  throw puppet::TimeoutError{about + ": the server did not confirm it within " +
                             std::to_string(limit.count()) +
                             " ms; it may still arrive, and is reported then"};
}

}  // namespace wechaty::puppet_xmpp
