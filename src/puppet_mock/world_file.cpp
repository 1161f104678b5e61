// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "wechaty/puppet/schemas/json.hpp"
#include "wechaty/puppet_mock/world.hpp"

namespace wechaty::puppet_mock {

using namespace wechaty::puppet;  // NOLINT: this file is about its payloads
using nlohmann::json;

namespace {

/// A value of the file with the place where it stands, which errors name.
class Value {
 public:
  Value(const json& value, std::string place) : value_{value}, place_{std::move(place)} {}

  [[noreturn]] void fail(const std::string& what) const {
    throw InvalidArgumentError{place_ + ": " + what};
  }
  [[nodiscard]] const json& raw() const { return value_; }
  [[nodiscard]] const std::string& place() const { return place_; }

  [[nodiscard]] std::string text() const {
    if (!value_.is_string()) fail(std::string{"expected a string, got "} + value_.type_name());
    return value_.get<std::string>();
  }
  [[nodiscard]] double number() const {
    if (!value_.is_number()) fail(std::string{"expected a number, got "} + value_.type_name());
    return value_.get<double>();
  }
  [[nodiscard]] std::vector<Value> list() const {
    if (!value_.is_array()) fail(std::string{"expected a list, got "} + value_.type_name());
    std::vector<Value> values;
    for (std::size_t i = 0; i < value_.size(); ++i) {
      values.emplace_back(value_[i], place_ + "[" + std::to_string(i) + "]");
    }
    return values;
  }
  void must_be_object() const {
    if (!value_.is_object()) fail(std::string{"expected an object, got "} + value_.type_name());
  }
  [[nodiscard]] std::optional<Value> find(const std::string& key) const {
    must_be_object();
    const auto found = value_.find(key);
    if (found == value_.end() || found->is_null()) return std::nullopt;
    return Value{*found, place_ + "." + key};
  }
  [[nodiscard]] Value at(const std::string& key) const {
    if (auto found = find(key)) return *found;
    fail("\"" + key + "\" is missing");
  }
  [[nodiscard]] std::string text_or(const std::string& key, std::string fallback) const {
    const auto found = find(key);
    return found ? found->text() : std::move(fallback);
  }
  [[nodiscard]] std::vector<std::string> texts(const std::string& key) const {
    std::vector<std::string> values;
    for (const Value& value : at(key).list()) values.push_back(value.text());
    return values;
  }

  /// A payload; `defaults` stands for required fields that a world may leave out.
  template <class T>
  [[nodiscard]] T payload(json defaults = json::object()) const {
    must_be_object();
    defaults.update(value_);
    try {
      return defaults.get<T>();
    } catch (const Error& error) {
      fail(error.what());
    } catch (const json::exception& error) {
      fail(error.what());
    }
  }

 private:
  const json& value_;
  std::string place_;
};

class Reader {
 public:
  explicit Reader(World& world) : world_{world} {}

  [[nodiscard]] Script script(const Value& list) const {
    Script script;
    for (const Value& value : list.list()) script.push_back(step(value));
    return script;
  }

 private:
  using Read = ScriptAction (Reader::*)(const Value&) const;

  static std::chrono::milliseconds seconds(const Value& value) {
    const double number = value.number();
    if (!(number >= 0) || number > 1e9) value.fail("expected seconds, 0 or more");
    return std::chrono::milliseconds{std::llround(number * 1'000)};
  }

  [[nodiscard]] ScriptStep step(const Value& value) const {
    value.must_be_object();
    ScriptStep step;
    if (const auto after = value.find("after")) step.after = seconds(*after);
    if (const auto repeat = value.find("repeat")) {
      const double count = repeat->at("count").number();
      if (!(count >= 0) || count > 1e9 || count != std::floor(count)) {
        repeat->at("count").fail("expected a whole number, 0 or more");
      }
      step.count = static_cast<std::uint64_t>(count);
      if (const auto rate = repeat->find("rate")) step.rate = rate->number();
      if (step.rate < 0) repeat->at("rate").fail("expected a rate a second, 0 or more");
      step.action = action(*repeat, {"count", "rate"});
    } else {
      step.action = action(value, {"after"});
    }
    return step;
  }

  [[nodiscard]] ScriptAction action(const Value& value,
                                    const std::vector<std::string>& not_actions) const {
    static const std::map<std::string, Read, std::less<>> readers{
        {"scan", &Reader::scan},
        {"login", &Reader::login},
        {"ready", &Reader::ready},
        {"logout", &Reader::logout},
        {"heartbeat", &Reader::heartbeat},
        {"say", &Reader::say},
        {"file", &Reader::file},
        {"contact", &Reader::contact_card},
        {"url", &Reader::url},
        {"miniProgram", &Reader::mini_program},
        {"location", &Reader::location},
        {"friendship", &Reader::friendship},
        {"roomInvite", &Reader::room_invite},
        {"roomTopic", &Reader::room_topic},
        {"roomJoin", &Reader::room_join},
        {"roomLeave", &Reader::room_leave},
        {"recall", &Reader::recall},
        {"dirty", &Reader::dirty},
        {"error", &Reader::error},
        {"fault", &Reader::fault}};
    std::string found;
    for (const auto& [key, ignored] : value.raw().items()) {
      if (std::find(not_actions.begin(), not_actions.end(), key) != not_actions.end()) continue;
      if (!readers.contains(key)) value.fail("unknown step \"" + key + "\"");
      if (!found.empty()) value.fail("two steps in one: \"" + found + "\" and \"" + key + "\"");
      found = key;
    }
    if (found.empty()) value.fail("a step without an action");
    return (this->*readers.find(found)->second)(
        Value{value.raw().at(found), value.place() + "." + found});
  }

  // --- who and where -------------------------------------------------------------------------

  [[nodiscard]] std::string contact(const Value& value) const {
    std::string id = value.text();
    const auto known = world_.contact_ids("");
    if (std::find(known.begin(), known.end(), id) == known.end()) {
      value.fail("there is no contact \"" + id + "\"");
    }
    return id;
  }
  [[nodiscard]] std::string room(const Value& value) const {
    std::string id = value.text();
    if (!world_.is_room(id)) value.fail("there is no room \"" + id + "\"");
    return id;
  }
  [[nodiscard]] std::vector<std::string> contacts(const Value& value) const {
    std::vector<std::string> ids;
    for (const Value& element : value.list()) ids.push_back(contact(element));
    return ids;
  }
  [[nodiscard]] ScriptMessage message(const Value& value, SayablePayload content) const {
    ScriptMessage message{.from = contact(value.at("from")),
                          .conversation = world_.self(),
                          .id = std::nullopt,
                          .content = std::move(content)};
    const auto to = value.find("to");
    const auto in = value.find("room");
    if (to && in) value.fail("both \"to\" and \"room\"");
    if (to) message.conversation = contact(*to);
    if (in) message.conversation = room(*in);
    if (const auto id = value.find("id")) message.id = id->text();
    return message;
  }

  // --- the steps -----------------------------------------------------------------------------

  ScriptAction scan(const Value& value) const {
    EventScanPayload scan{
        .status = ScanStatus::waiting, .qrcode = std::nullopt, .data = std::nullopt};
    if (const auto code = value.find("qrcode")) scan.qrcode = code->text();
    if (const auto status = value.find("status")) {
      scan.status = enumerator<ScanStatus>(*status);
    }
    return scan;
  }
  ScriptAction login(const Value& value) const { return ScriptLogin{contact(value)}; }
  ScriptAction ready(const Value& value) const {
    value.must_be_object();
    EventReadyPayload ready;
    if (const auto data = value.find("data")) ready.data = data->text();
    return ready;
  }
  ScriptAction logout(const Value& value) const { return ScriptLogout{value.text()}; }
  ScriptAction heartbeat(const Value& value) const {
    EventHeartbeatPayload heartbeat;
    if (const auto data = value.find("data")) heartbeat.data = data->text();
    return heartbeat;
  }
  ScriptAction say(const Value& value) const {
    SayableText text{.text = value.at("text").text(), .mentions = {}};
    if (value.find("mentions")) text.mentions = contacts(value.at("mentions"));
    return message(value, {std::move(text)});
  }
  ScriptAction file(const Value& value) const {
    const FileBox file =
        FileBox::from_base64(value.at("base64").text(), value.text_or("name", "file"));
    try {
      static_cast<void>(file.to_buffer());  // looked at now, where its place can be named
    } catch (const InvalidArgumentError& error) {
      value.at("base64").fail(error.what());
    }
    return message(value, {SayableFile{.type = MessageType::unknown, .file = file}});
  }
  ScriptAction contact_card(const Value& value) const {
    return message(value, {SayableContact{contact(value.at("contactId"))}});
  }
  ScriptAction url(const Value& value) const {
    return message(value, {value.payload<UrlLinkPayload>()});
  }
  ScriptAction mini_program(const Value& value) const {
    return message(value, {value.payload<MiniProgramPayload>()});
  }
  ScriptAction location(const Value& value) const {
    return message(
        value, {value.payload<LocationPayload>({{"accuracy", 0}, {"address", ""}, {"name", ""}})});
  }
  ScriptAction friendship(const Value& value) const {
    auto request = value.payload<FriendshipPayload>(
        {{"id", ""}, {"timestamp", 0}, {"type", 2}, {"ticket", ""}});
    static_cast<void>(contact(value.at("contactId")));
    return request;
  }
  ScriptAction room_invite(const Value& value) const {
    auto invitation = value.payload<RoomInvitationPayload>({{"id", ""},
                                                            {"receiverId", world_.self()},
                                                            {"avatar", ""},
                                                            {"topic", ""},
                                                            {"invitation", ""},
                                                            {"memberCount", 0},
                                                            {"memberIdList", json::array()},
                                                            {"timestamp", 0}});
    static_cast<void>(contact(value.at("inviterId")));
    if (value.find("receiverId")) static_cast<void>(contact(value.at("receiverId")));
    return invitation;
  }
  ScriptAction room_topic(const Value& value) const {
    return ScriptRoomTopic{room(value.at("room")), value.at("topic").text(),
                           contact(value.at("by"))};
  }
  ScriptAction room_join(const Value& value) const {
    return ScriptRoomJoin{room(value.at("room")), contacts(value.at("invitees")),
                          contact(value.at("by"))};
  }
  ScriptAction room_leave(const Value& value) const {
    return ScriptRoomLeave{room(value.at("room")), contacts(value.at("removees")),
                           contact(value.at("by"))};
  }
  ScriptAction recall(const Value& value) const {
    return ScriptRecall{contact(value.at("by")), value.at("message").text()};
  }
  ScriptAction dirty(const Value& value) const {
    return EventDirtyPayload{.payload_type = enumerator<DirtyType>(value.at("type")),
                             .payload_id = value.at("id").text()};
  }
  ScriptAction error(const Value& value) const { return ScriptError{value.text()}; }
  ScriptAction fault(const Value& value) const {
    static const std::map<std::string, Fault::Kind, std::less<>> kinds{
        {"fail", Fault::Kind::fail},          {"late", Fault::Kind::late},
        {"noId", Fault::Kind::no_id},         {"echoEarly", Fault::Kind::echo_early},
        {"echoLate", Fault::Kind::echo_late}, {"echoTwice", Fault::Kind::echo_twice}};
    Fault fault{.hook = value.at("hook").text()};
    const auto kind = kinds.find(value.at("kind").text());
    if (kind == kinds.end()) value.at("kind").fail("unknown kind of fault");
    fault.kind = kind->second;
    if (const auto times = value.find("times")) {
      fault.times = static_cast<int>(std::clamp(times->number(), 1.0, 1e9));
    }
    if (const auto delay = value.find("delay")) fault.delay = seconds(*delay);
    fault.error = value.text_or("error", fault.error);
    if (const auto bare = value.find("bare")) {
      if (!bare->raw().is_boolean()) bare->fail("expected true or false");
      fault.bare = bare->raw().get<bool>();
    }
    return fault;
  }

  /// A number or a name of an enumeration.
  template <class E>
  static E enumerator(const Value& value) {
    if (value.raw().is_string()) {
      for (const auto& entry : enum_names<E>) {
        if (entry.name == value.raw().get<std::string>()) return entry.value;
      }
      value.fail("unknown name \"" + value.text() + "\"");
    }
    try {
      return value.raw().get<E>();
    } catch (const Error& error) {
      value.fail(error.what());
    }
  }

  World& world_;
};

/// Line and column of a byte in a text, for errors.
std::string line_and_column(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n');
  const std::size_t column = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

std::shared_ptr<World> World::parse(std::string_view text, const std::string& name) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& error) {
    throw InvalidArgumentError{name + ": " + line_and_column(text, error.byte) +
                               ": no JSON: " + error.what()};
  }
  try {
    const Value root{document, ""};
    if (!document.is_object()) root.fail("expected an object");
    for (const auto& [key, ignored] : document.items()) {
      if (key != "self" && key != "contacts" && key != "rooms" && key != "script") {
        root.fail("unknown key \"" + key + "\"");
      }
    }
    auto world = std::make_shared<World>(root.text_or("self", "bot"));
    const auto list = [&](const std::string& key) {
      const auto found = root.find(key);
      return found ? Value{found->raw(), key}.list() : std::vector<Value>{};
    };
    for (const Value& value : list("contacts")) {
      world->add_contact(value.payload<ContactPayload>({{"gender", 0},
                                                        {"type", 1},
                                                        {"name", value.text_or("id", "")},
                                                        {"avatar", ""},
                                                        {"phone", json::array()}}));
    }
    for (const Value& value : list("rooms")) {
      auto room = value.payload<RoomPayload>(
          {{"topic", ""}, {"memberIdList", json::array()}, {"adminIdList", json::array()}});
      try {
        world->add_room(std::move(room));
      } catch (const NotFoundError& error) {
        value.at("memberIdList").fail(error.what());
      }
    }
    if (const auto script = root.find("script")) {
      world->set_script(Reader{*world}.script(Value{script->raw(), "script"}));
    }
    return world;
  } catch (const InvalidArgumentError& error) {
    const std::string_view what = error.what();
    throw InvalidArgumentError{name + ": " +
                               std::string{what.starts_with(": ") ? what.substr(2) : what}};
  }
}

std::shared_ptr<World> World::load(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw NotFoundError{"the world file \"" + path + "\" cannot be opened"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  return parse(text, path);
}

}  // namespace wechaty::puppet_mock
