// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/profile.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "puppet_xmpp/bytes.hpp"
#include "puppet_xmpp/unless_refused.hpp"
#include "puppet_xmpp/xep/pubsub.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::size_t largest_picture = 128 * 1024;  // base64 in a stanza of at most 256 KiB

}  // namespace

Element Profiles::vcard(std::string_view jid) {
  const Element answer = wire_.ask(
      iq_get(jid == wire_.self() ? std::string_view{} : jid).add(Element{"vCard", ns::vcard}));
  const Element* const card = answer.child("vCard", ns::vcard);
  return answer.attr("type") == "result" && card != nullptr ? *card : Element{"vCard", ns::vcard};
}

std::string Profiles::nick(std::string_view jid) {
  const auto items = unless_refused([&] { return pubsub_items(wire_, jid, ns::nick, 1); });
  if (!items || items->empty() || !items->front().payload.is("nick", ns::nick)) return {};
  return items->front().payload.text;
}

Profile Profiles::load(std::string_view jid) {
  Profile profile;
  const Element card = vcard(jid);
  profile.name = nick(jid);
  for (const std::string_view field : {"NICKNAME", "FN"}) {
    if (profile.name.empty()) profile.name = card.child_text(field);
  }
  profile.description = card.child_text("DESC");
  if (profile.description.empty()) profile.description = card.child_text("NOTE");
  profile.title = card.child_text("TITLE");
  profile.gender = card.child_text("GENDER");
  for (const Element& field : card.children) {
    if (field.name == "TEL" && !field.child_text("NUMBER").empty()) {
      profile.phones.emplace_back(field.child_text("NUMBER"));
    } else if (field.name == "ADR" && profile.city.empty()) {
      profile.city = field.child_text("LOCALITY");
      profile.province = field.child_text("REGION");
      profile.address = field.child_text("STREET");
    } else if (field.name == "ORG") {
      profile.corporation = field.child_text("ORGNAME");
    }
  }
  return profile;
}

Picture Profiles::picture(std::string_view jid) {
  const auto newest =
      unless_refused([&] { return pubsub_items(wire_, jid, ns::avatar_metadata, 1); });
  if (newest && !newest->empty()) {
    const Element* const info = newest->front().payload.child("info");
    const auto data = info == nullptr ? std::nullopt : unless_refused([&] {
      return pubsub_items(wire_, jid, ns::avatar_data, 1);
    });
    if (data && !data->empty()) {
      if (auto bytes = from_base64(data->front().payload.text); bytes && !bytes->empty()) {
        return {.media_type = std::string{info->attr("type")}, .bytes = *std::move(bytes)};
      }
    }
  }
  const Element card = vcard(jid);
  if (const Element* const photo = card.child("PHOTO")) {
    if (auto bytes = from_base64(photo->child_text("BINVAL")); bytes && !bytes->empty()) {
      return {.media_type = std::string{photo->child_text("TYPE")}, .bytes = *std::move(bytes)};
    }
  }
  throw puppet::NotFoundError{"\"" + std::string{jid} + "\" shows no picture"};
}

void Profiles::change_own_vcard(const std::string& field, Element value) {
  Element card = vcard(wire_.self());
  std::erase_if(card.children, [&](const Element& child) {
    return child.name == field || (field == "DESC" && child.name == "NOTE");
  });
  if (!value.text.empty() || !value.children.empty()) card.add(std::move(value));
  static_cast<void>(request(wire_, iq_set().add(std::move(card)), "own vCard"));
}

void Profiles::set_own_name(std::string_view name) {
  pubsub_publish(wire_, ns::nick, {.id = "current", .payload = Element{"nick", ns::nick, name}});
  change_own_vcard("NICKNAME", Element{"NICKNAME", ns::vcard, name});
}

void Profiles::set_own_description(std::string_view text) {
  change_own_vcard("DESC", Element{"DESC", ns::vcard, text});
}

void Profiles::set_own_picture(const Picture& picture) {
  if (picture.bytes.size() > largest_picture) {
    throw puppet::TooLargeError{"the picture has " + std::to_string(picture.bytes.size()) +
                                " bytes, more than the " + std::to_string(largest_picture) +
                                " that fit into a stanza: scale it down"};
  }
  change_own_vcard("PHOTO", Element{"PHOTO", ns::vcard}
                                .add(Element{"TYPE", ns::vcard, picture.media_type})
                                .add(Element{"BINVAL", ns::vcard, to_base64(picture.bytes)}));
}

}  // namespace wechaty::puppet_xmpp
