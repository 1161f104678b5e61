// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/environment.hpp"

#include <poll.h>

#include <utility>

#include "puppet_xmpp/stream/strophe_stream.hpp"

namespace wechaty::puppet_xmpp {

std::unique_ptr<Connection> Environment::make_connection(const XmppOptions& options,
                                                         const Jid& account,
                                                         StreamListener& listener,
                                                         std::stop_token stop) {
  return std::make_unique<StropheStream>(options, account, listener, std::move(stop));
}

Environment::Clock::time_point Environment::now() { return Clock::now(); }

void Environment::idle(int wake, std::chrono::milliseconds limit) {
  pollfd place{.fd = wake, .events = POLLIN, .revents = 0};
  ::poll(&place, 1, static_cast<int>(limit.count()));
}

}  // namespace wechaty::puppet_xmpp
