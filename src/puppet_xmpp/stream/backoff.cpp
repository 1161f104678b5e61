// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/backoff.hpp"

#include <algorithm>
#include <random>

namespace wechaty::puppet_xmpp {

using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_wait{500};
constexpr milliseconds longest_wait{60'000};
constexpr std::chrono::seconds lasting_session{1};
constexpr int most_doublings = 7;  // of the first wait: the longest is reached by then

std::int64_t by_chance(std::int64_t from, std::int64_t to) {
  std::mt19937 random{std::random_device{}()};
  return std::uniform_int_distribution<std::int64_t>{from, to}(random);
}

}  // namespace

Backoff::Backoff() : Backoff{by_chance} {}

void Backoff::attempt_ended(Time now) {
  const bool has_lasted = session_began_ && now - *session_began_ >= lasting_session;
  if (has_lasted || session_works_) failures_ = 0;
  session_began_.reset();
  session_works_ = false;
  ++failures_;
}

milliseconds Backoff::next_wait() {
  const int doublings = std::clamp(failures_ - 1, 0, most_doublings);
  const milliseconds longest = std::min(first_wait * (1 << doublings), longest_wait);
  return milliseconds{random_(doublings == 0 ? 0 : longest.count() / 2, longest.count())};
}

}  // namespace wechaty::puppet_xmpp
