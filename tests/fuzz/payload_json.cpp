// SPDX-License-Identifier: Apache-2.0
// The JSON of payloads, events and queries: `<kind>\n<JSON>`, the kind being its name or its place
// in the list.
#include <array>
#include <nlohmann/json.hpp>

#include "fuzz/fuzz.hpp"
#include "wechaty/puppet/events/json.hpp"
#include "wechaty/puppet/query/json.hpp"
#include "wechaty/puppet/schemas/json.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

namespace {

using Json = nlohmann::json;

template <class T>
void there_and_back(const Json& json) {
  const T value = json.get<T>();
  const Json out = value;
  require(out.get<T>() == value, "a payload goes there and back", out.dump());
}

struct Kind {
  std::string_view name;
  void (*work)(const Json&);
};

constexpr auto kinds = std::to_array<Kind>({
    {"contact", there_and_back<ContactPayload>},
    {"friendship", there_and_back<FriendshipPayload>},
    {"location", there_and_back<LocationPayload>},
    {"message", there_and_back<MessagePayload>},
    {"mini-program", there_and_back<MiniProgramPayload>},
    {"post", there_and_back<PostPayload>},
    {"room", there_and_back<RoomPayload>},
    {"room-invitation", there_and_back<RoomInvitationPayload>},
    {"room-member", there_and_back<RoomMemberPayload>},
    {"sayable", there_and_back<SayablePayload>},
    {"tap", there_and_back<TapPayload>},
    {"url-link", there_and_back<UrlLinkPayload>},
    {"contact-query", there_and_back<ContactQueryFilter>},
    {"message-query", there_and_back<MessageQueryFilter>},
    {"room-query", there_and_back<RoomQueryFilter>},
    {"post-query", there_and_back<PostQueryFilter>},
});

constexpr auto events = std::to_array<std::string_view>(
    {"dirty", "dong", "error", "friendship", "heartbeat", "login", "logout", "message", "post",
     "ready", "reset", "room-announce", "room-invite", "room-join", "room-leave", "room-topic",
     "scan", "start", "stop"});

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  const std::size_t end = text.find('\n');
  if (end == text.npos) return 0;
  const std::string_view name = text.substr(0, end);
  const Json json = Json::parse(text.substr(end + 1), nullptr, false);
  if (json.is_discarded()) return 0;

  for (const Kind& kind : kinds) {
    if (name == kind.name) unless_refused([&] { kind.work(json); });
  }
  for (const std::string_view event : events) {
    if (!name.starts_with("event ") || name.substr(6) != event) continue;
    unless_refused([&] {
      const EventPayload payload = event_from_json(event, json);
      require(name_of(payload) == event, "an event keeps its name", event);
      const Json out = payload;
      const Json again = event_from_json(event, out);
      require(again == out, "an event goes there and back", out.dump());
    });
  }
  return 0;
}
