// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

/// What is asked for; nullopt when who was asked refuses, or does not have it.
/// @throws TimeoutError, CancelledError: then nobody has answered
template <class Ask>
auto unless_refused(Ask ask) -> decltype(std::optional{ask()}) {
  try {
    return ask();
  } catch (const puppet::TimeoutError&) {
    throw;
  } catch (const puppet::CancelledError&) {
    throw;
  } catch (const puppet::Error&) {
    return std::nullopt;
  }
}

}  // namespace wechaty::puppet_xmpp
