// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/session/catch_up.hpp"

#include "puppet_xmpp/timestamp.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {
// Messages that are reported, and not delivered, before more are fetched.
constexpr std::size_t most_unheard = 1'000;
}  // namespace

void CatchUp::run(const std::string& owner, Pace pace) {
  parts_.ledger.move_position(owner);
  const Ledger::Position first = parts_.ledger.position(owner);
  if (first.id.empty()) {
    const auto newest = parts_.archive.newest(owner);
    parts_.ledger.passed({.archive = owner, .id = newest.value_or(std::string{Ledger::beginning})});
    return;
  }
  std::string place = first.id == Ledger::beginning ? std::string{} : first.id;
  while (true) {
    if (pace == Pace::as_listeners_hear) {
      static_cast<void>(
          parts_.ledger.wait_for_listeners(most_unheard, parts_.patience, parts_.stop));
    }
    Archive::Page page = page_after(first, place);
    if (page.messages.empty()) return;
    place = page.messages.back().id;
    hear(owner, std::move(page.messages));
    if (page.complete) return;
  }
}

/// Where the archive has forgotten the place, or never had it, by time: some are fetched again
/// then, but those that were seen are left out.
Archive::Page CatchUp::page_after(const Ledger::Position& first, const std::string& place) {
  try {
    return parts_.archive.after(first.archive, place);
  } catch (const puppet::NotFoundError&) {
    return parts_.archive.after(first.archive, {}, {.start = parse_timestamp(first.time)});
  }
}

void CatchUp::hear(const std::string& owner, std::vector<ArchivedMessage> messages) {
  parts_.post([this, owner, messages = std::move(messages)] {
    for (const ArchivedMessage& message : messages) {
      try {
        parts_.hear(owner, message);
      } catch (...) {  // the others are to come all the same
        parts_.host.report_error(std::current_exception());
      }
    }
  });
}

}  // namespace wechaty::puppet_xmpp
