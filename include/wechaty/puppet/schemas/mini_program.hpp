// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace wechaty::puppet {

/// A card that starts a program inside the service. Source: wechaty-puppet schemas/mini-program.ts.
struct MiniProgramPayload {
  std::optional<std::string> appid;        ///< id of the program, e.g. wx36027ed8c62f675e
  std::optional<std::string> description;  ///< its name, e.g. "Bus tickets"
  std::optional<std::string> page_path;    ///< the page inside it
  std::optional<std::string> icon_url;
  std::optional<std::string> share_id;   ///< the id of who shared it
  std::optional<std::string> thumb_url;  ///< picture, together with thumb_key
  std::optional<std::string> title;
  std::optional<std::string> username;  ///< original id of the program, e.g. gh_abcdef@app
  std::optional<std::string> thumb_key;

  friend bool operator==(const MiniProgramPayload&, const MiniProgramPayload&) = default;
};

}  // namespace wechaty::puppet
