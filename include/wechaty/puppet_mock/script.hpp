// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet_mock/fault.hpp"

namespace wechaty::puppet_mock {

/// One message of a script.
struct ScriptMessage {
  std::string from;               ///< contact id
  std::string conversation;       ///< contact or room id
  std::optional<std::string> id;  ///< missing: the world numbers it
  puppet::SayablePayload content;
};

struct ScriptLogin {
  std::string user_id;
};
struct ScriptLogout {
  std::string reason;
};
struct ScriptError {
  std::string text;
};
struct ScriptRoomTopic {
  std::string room, topic, by;
};
struct ScriptRoomJoin {
  std::string room;
  std::vector<std::string> invitees;
  std::string by;
};
struct ScriptRoomLeave {
  std::string room;
  std::vector<std::string> removees;
  std::string by;
};
struct ScriptRecall {
  std::string by, message;
};

/// What happens in a step.
using ScriptAction =
    std::variant<puppet::EventScanPayload, ScriptLogin, puppet::EventReadyPayload, ScriptLogout,
                 puppet::EventHeartbeatPayload, ScriptMessage, puppet::FriendshipPayload,
                 puppet::RoomInvitationPayload, ScriptRoomTopic, ScriptRoomJoin, ScriptRoomLeave,
                 ScriptRecall, puppet::EventDirtyPayload, ScriptError, Fault>;

/// One step: it happens `after` the one before, and as often as it says.
struct ScriptStep {
  std::chrono::milliseconds after{0};
  ScriptAction action;
  std::uint64_t count = 1;
  double rate = 0;  ///< repetitions a second; 0: as fast as possible
};

using Script = std::vector<ScriptStep>;

}  // namespace wechaty::puppet_mock
