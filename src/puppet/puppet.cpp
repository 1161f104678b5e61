// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/puppet.hpp"

#include <cxxabi.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <typeinfo>

#include "puppet/engine/uuid.hpp"
#include "wechaty/puppet/version.hpp"

namespace wechaty::puppet {

Puppet::Puppet(PuppetOptions options)
    : PuppetCoreHolder{std::move(options)},
      DirtyMixin{engine_},
      DingMixin{engine_},
      MemoryMixin{engine_},
      ContactMixin{engine_, *this},
      RoomMixin{engine_, *this},
      RoomMemberMixin{engine_, *this},
      RoomInvitationMixin{engine_},
      FriendshipMixin{engine_},
      MessageMixin{engine_, *this, *this},
      ConversationMixin{engine_},
      PostMixin{engine_},
      TapMixin{engine_},
      TagMixin{engine_},
      SayableMixin{*this, *this},
      LoginMixin{engine_, *this, *this, *this},
      ServiceMixin{engine_, *this, *this},
      id_{random_uuid()} {
  engine_.set_name([this] { return name(); });
}

Puppet::~Puppet() { end_without_hooks(); }

std::string Puppet::name() const {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text{
      abi::__cxa_demangle(typeid(*this).name(), nullptr, nullptr, &status), std::free};
  const std::string full = status == 0 ? text.get() : typeid(*this).name();
  const std::size_t colon = full.rfind("::");
  return colon == std::string::npos ? full : full.substr(colon + 2);
}

std::string Puppet::version() const { return std::string{wechaty::puppet::version()}; }

std::string Puppet::to_string() const {
  const std::string card = memory().name();
  return name() + "<" + (card.empty() ? "NONAME" : card) + ">";
}

bool Puppet::supports(Capability capability) const {
  const std::array<std::optional<bool>, 12> answers{DingMixin::implements(capability),
                                                    ContactMixin::implements(capability),
                                                    RoomMixin::implements(capability),
                                                    RoomMemberMixin::implements(capability),
                                                    RoomInvitationMixin::implements(capability),
                                                    FriendshipMixin::implements(capability),
                                                    MessageMixin::implements(capability),
                                                    ConversationMixin::implements(capability),
                                                    PostMixin::implements(capability),
                                                    TapMixin::implements(capability),
                                                    TagMixin::implements(capability),
                                                    LoginMixin::implements(capability)};
  for (const auto& answer : answers) {
    if (answer) return *answer;
  }
  return false;
}

void Puppet::report(EventPayload event) {
  if (const auto* in = std::get_if<EventLoginPayload>(&event)) return login(in->contact_id);
  if (const auto* out = std::get_if<EventLogoutPayload>(&event)) {
    return logged_out(out->data.value_or(""));
  }
  engine_.report(std::move(event));
}

}  // namespace wechaty::puppet
