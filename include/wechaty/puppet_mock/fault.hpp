// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace wechaty::puppet_mock {

/// Something that goes wrong at a hook, so that the contract can be tried under it.
struct Fault {
  enum class Kind {
    fail,        ///< the hook throws
    late,        ///< the hook takes `delay` longer, or until stop()
    no_id,       ///< a send hook returns an empty id, as it must not
    echo_early,  ///< the network echoes the message `delay` before the send hook returns
    echo_late,   ///< the network echoes it `delay` after the send hook has returned
    echo_twice,  ///< both
  };

  std::string hook;  ///< without `do_`, e.g. "message_send_text"
  Kind kind = Kind::fail;
  int times = 1;  ///< how many calls are hit
  std::chrono::milliseconds delay{10};
  std::string error = "a scripted fault";  ///< what a failing hook says
  bool bare = false;  ///< the echo has no payload, and the network does not answer for the message
};

}  // namespace wechaty::puppet_mock
