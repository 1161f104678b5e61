// SPDX-License-Identifier: Apache-2.0
// What the clients of other languages send, and send differently, replayed against our server; and
// whether they could read its answers. transcripts/*.jsonl, written after the sources of those
// clients at the version in the first line; one step a line, as in step() below. The fields are
// those of the JSON form of the messages. Clients of an older protocol know fields under the name
// that we call ...StringValueDeprecated; on the wire it is the same.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "puppet_service/wire/bytes.hpp"
#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using Json = nlohmann::json;
using google::protobuf::Message;
namespace protobuf = google::protobuf;

class Transcript {
 public:
  explicit Transcript(const Json& head)
      : client_{served_.client(presenting(head))},
        service_{pool().FindServiceByName("wechaty.Puppet")} {
    served_.world->set_avatar("lobby",
                              FileBox::from_url("https://x.y/lobby.jpg", {.name = "lobby.jpg"}));
    served_.world->befriend(
        {.id = "friend", .contact_id = "bob", .hello = "hi", .type = FriendshipType::receive},
        "bot");
    RoomInvitationPayload invitation;
    invitation.id = "invitation";
    invitation.inviter_id = "alice";
    invitation.topic = "Club";
    invitation.receiver_id = "bot";
    served_.world->invite(invitation);
  }

  void step(const Json& line) {
    if (line.contains("stream")) {
      events_ = std::make_unique<EventReader>(client_);
    } else if (line.contains("event")) {
      expect_event(line);
    } else if (line.contains("end")) {
      const auto ended = events_->wait_for_end();
      ASSERT_TRUE(ended);
      EXPECT_EQ(ended->error_code(), line.at("end").get<int>()) << ended->error_message();
    } else {
      call(line);
    }
  }

 private:
  static const protobuf::DescriptorPool& pool() {
    return *protobuf::DescriptorPool::generated_pool();
  }
  /// "token" stands for the token.
  static Presenting presenting(const Json& head) {
    Presenting result;
    result.authority =
        head.at("authority") == "token" ? test_token : head.at("authority").get<std::string>();
    if (head.contains("authorization")) result.authorization = std::string{"Wechaty "} + test_token;
    return result;
  }
  std::unique_ptr<Message> make(const protobuf::Descriptor* type) {
    return std::unique_ptr<Message>{factory_.GetPrototype(type)->New()};
  }
  std::unique_ptr<Message> read(const protobuf::Descriptor* type, const Json& json) {
    auto message = make(type);
    const auto status = protobuf::util::JsonStringToMessage(json.dump(), message.get());
    if (!status.ok()) throw std::runtime_error{status.ToString() + " in " + json.dump()};
    return message;
  }
  static Json write(const Message& message) {
    protobuf::util::JsonPrintOptions options;
    options.always_print_enums_as_ints = true;
    std::string text;
    const auto status = protobuf::util::MessageToJsonString(message, &text, options);
    if (!status.ok()) throw std::runtime_error{status.ToString()};
    return Json::parse(text);
  }
  /// What was kept of earlier answers in the place of "$name".
  [[nodiscard]] Json filled_in(Json json) const {
    if (json.is_string() && json.get<std::string>().starts_with("$")) {
      return kept_.at(json.get<std::string>().substr(1));
    }
    if (json.is_structured()) {
      for (auto& item : json) item = filled_in(item);
    }
    return json;
  }

  /// Waits for an event of that number which has that payload; those before it are passed over.
  void expect_event(const Json& line) {
    const std::string number = line.at("event").dump() + " ";
    const Json wanted = filled_in(line.value("payload", Json::object()));
    for (auto nth = heard_[number] + 1;; ++nth) {
      ASSERT_TRUE(events_->wait_for(number, nth)) << wanted;
      heard_[number] = nth;
      const Json got = payload_of(number, nth);
      Json merged = got;
      merged.merge_patch(wanted);
      if (merged != got) continue;
      expect_contains(got, line, "payload");
      return;
    }
  }
  [[nodiscard]] Json payload_of(const std::string& number, std::ptrdiff_t nth) const {
    for (const auto& event : events_->all()) {
      if (event.starts_with(number) && --nth == 0) {
        return Json::parse(event.substr(number.size()));
      }
    }
    return nullptr;
  }
  /// Whether everything is in there that `line` says under `key`, and "with", "without".
  void expect_contains(const Json& got, const Json& line, const char* key) const {
    const Json wanted = filled_in(line.value(key, Json::object()));
    for (const auto& [name, value] : wanted.items()) {
      ASSERT_TRUE(got.contains(name)) << name << " is missing in " << got;
      if (value.is_object()) {
        Json merged = got.at(name);
        merged.merge_patch(value);
        EXPECT_EQ(merged, got.at(name)) << name << ", wanted: " << value;
      } else {
        EXPECT_EQ(got.at(name), value) << name;
      }
    }
    for (const auto& name : line.value("with", std::vector<std::string>{})) {
      EXPECT_TRUE(got.contains(name)) << name << " is missing in " << got;
    }
    for (const auto& name : line.value("without", std::vector<std::string>{})) {
      EXPECT_FALSE(got.contains(name)) << name << " is in " << got;
    }
  }

  void call(const Json& line) {
    const auto rpc = line.at("call").get<std::string>();
    const auto* method = service_->FindMethodByName(line.value("as", rpc));
    ASSERT_NE(method, nullptr) << rpc;
    const std::string path = "/wechaty.Puppet/" + rpc;
    grpc::ClientContext context;
    client_.prepare(context);
    grpc::ByteBuffer answer;
    grpc::Status status;
    std::vector<Json> frames;
    if (method->client_streaming()) {
      const auto writer = client_.write<grpc::ByteBuffer>(path, answer, context);
      for (const Json& frame : line.at("frames")) {
        writer->Write(serialize(*read(method->input_type(), filled_in(frame))));
      }
      writer->WritesDone();
      status = writer->Finish();
    } else {
      const grpc::ByteBuffer request =
          serialize(*read(method->input_type(), filled_in(line.value("request", Json::object()))));
      if (method->server_streaming()) {
        const auto reader = client_.read<grpc::ByteBuffer>(path, request, context);
        while (reader->Read(&answer)) frames.push_back(write(*parsed(method, answer)));
        status = reader->Finish();
      } else {
        status = client_.call(path, request, answer, context);
      }
    }
    ASSERT_EQ(status.error_code(), line.value("status", 0))
        << rpc << ": " << status.error_message();
    if (!status.ok()) {
      EXPECT_NE(status.error_message().find(line.value("says", "")), std::string::npos)
          << status.error_message();
    } else if (method->server_streaming()) {
      EXPECT_EQ(Json(frames), line.at("frames_are"));
    } else {
      check(write(*parsed(method, answer)), line);
    }
  }
  std::unique_ptr<Message> parsed(const protobuf::MethodDescriptor* method,
                                  const grpc::ByteBuffer& bytes) {
    auto message = make(method->output_type());
    if (!parse(bytes, *message)) throw std::runtime_error{"no " + method->output_type()->name()};
    return message;
  }
  void check(const Json& got, const Json& line) {
    const Json keep = line.value("keep", Json::object());
    for (const auto& [name, field] : keep.items()) {
      ASSERT_TRUE(got.contains(field.get<std::string>())) << field << " is missing in " << got;
      kept_[name] = got.at(field.get<std::string>());
    }
    expect_contains(got, line, "answer");
    if (line.contains("box")) {
      const std::string text =
          got.value("fileBox", got.value("fileboxStringValueDeprecated", std::string{}));
      expect_contains(Json::parse(text), line, "box");
      if (got.contains("fileboxStringValueDeprecated")) {
        EXPECT_EQ(got.at("fileboxStringValueDeprecated"), text);
      }
    }
    if (line.contains("json")) {
      const auto& json = line.at("json");
      expect_contains(Json::parse(got.at(json.at("field").get<std::string>()).get<std::string>()),
                      json, "is");
    }
  }

  ServedMock served_;
  WireClient client_;
  const protobuf::ServiceDescriptor* const service_;
  protobuf::DynamicMessageFactory factory_;
  std::unique_ptr<EventReader> events_;
  std::map<std::string, std::ptrdiff_t> heard_;  // events of each kind so far
  std::map<std::string, Json> kept_;
};

class ServerTranscripts : public testing::TestWithParam<const char*> {};

TEST_P(ServerTranscripts, IsAnsweredSoThatItsClientCanGoOn) {
  const std::string path = std::string{WECHATY_PUPPET_SOURCE_DIR} +
                           "/tests/service/server/transcripts/" + GetParam() + ".jsonl";
  std::ifstream file{path};
  std::string text;
  ASSERT_TRUE(std::getline(file, text)) << path;
  Transcript transcript{Json::parse(text)};
  int number = 1;
  while (std::getline(file, text)) {
    SCOPED_TRACE(std::string{GetParam()} + ".jsonl:" + std::to_string(++number) + ": " + text);
    transcript.step(Json::parse(text));
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(number, 2);
}

INSTANTIATE_TEST_SUITE_P(Clients, ServerTranscripts,
                         testing::Values("python", "go", "go_hostie", "java", "java_with_token",
                                         "rust", "rust_events", "typescript_0"),
                         [](const auto& name) { return std::string{name.param}; });

}  // namespace
}  // namespace wechaty::puppet_service::test
