// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "wechaty/puppet/schemas/enum_names.hpp"

namespace wechaty::puppet {

enum class ContactGender : int { unknown = 0, male = 1, female = 2 };

template <>
inline constexpr std::array enum_names<ContactGender>{
    EnumName{ContactGender::unknown, "Unknown"},
    EnumName{ContactGender::male, "Male"},
    EnumName{ContactGender::female, "Female"},
};

enum class ContactType : int { unknown = 0, individual = 1, official = 2, corporation = 3 };

template <>
inline constexpr std::array enum_names<ContactType>{
    EnumName{ContactType::unknown, "Unknown"},
    EnumName{ContactType::individual, "Individual"},
    EnumName{ContactType::official, "Official"},
    EnumName{ContactType::corporation, "Corporation"},
};

/// What is known about one contact.
///
/// Source: wechaty-puppet schemas/contact.ts. JSON has the same names in camelCase, `friend` for
/// `is_friend`.
struct ContactPayload {
  std::string id;
  ContactGender gender = ContactGender::unknown;
  ContactType type = ContactType::unknown;
  std::string name;    ///< the contact's own name
  std::string avatar;  ///< URL or empty
  std::optional<std::string> address;
  std::optional<std::string> alias;  ///< the name that the bot gave it
  std::optional<std::string> city;
  std::optional<std::string> province;
  std::optional<bool> is_friend;  ///< JSON `friend`: a friend of the bot
  std::optional<std::string> signature;
  std::optional<bool> star;           ///< starred
  std::optional<std::string> weixin;  ///< deprecated name of `handle`
  std::optional<std::string> handle;  ///< public account name
  std::vector<std::string> phone;     ///< a list, although singular; always in the JSON
  std::optional<std::string> corporation;
  std::optional<std::string> title;
  std::optional<std::string> description;
  std::optional<bool> coworker;

  friend bool operator==(const ContactPayload&, const ContactPayload&) = default;
};

}  // namespace wechaty::puppet
