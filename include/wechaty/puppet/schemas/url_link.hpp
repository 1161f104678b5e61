// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace wechaty::puppet {

/// A card that links to a web page. Source: wechaty-puppet schemas/url-link.ts.
struct UrlLinkPayload {
  std::optional<std::string> description;
  std::optional<std::string> thumbnail_url;
  std::string title;
  std::string url;

  friend bool operator==(const UrlLinkPayload&, const UrlLinkPayload&) = default;
};

}  // namespace wechaty::puppet
