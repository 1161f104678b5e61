// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// What an account shows of itself.
struct Profile {
  std::string name;  ///< its nick, else the vCard's; empty: none
  std::string description;
  std::string city, province, address;
  std::string corporation, title;
  std::string gender;  ///< as written there
  std::vector<std::string> phones;
};

struct Picture {
  std::string media_type;
  std::string bytes;
};

/// Profiles: vCards (XEP-0054), nicks (XEP-0172) and pictures (XEP-0084, XEP-0153). What an account
/// does not show counts as empty: servers give the same answer for missing accounts as for
/// strangers. All functions block.
///
/// Thread: any.
class Profiles {
 public:
  explicit Profiles(Wire& wire) : wire_{wire} {}

  [[nodiscard]] Profile load(std::string_view jid);
  /// @throws NotFoundError when it has none
  [[nodiscard]] Picture picture(std::string_view jid);

  void set_own_name(std::string_view name);
  void set_own_description(std::string_view text);
  /// @throws InvalidArgumentError when it is too large for a stanza
  void set_own_picture(const Picture& picture);

 private:
  [[nodiscard]] Element vcard(std::string_view jid);
  void change_own_vcard(const std::string& field, Element value);
  [[nodiscard]] std::string nick(std::string_view jid);

  Wire& wire_;
};

}  // namespace wechaty::puppet_xmpp
