// SPDX-License-Identifier: Apache-2.0
// How hooks become calls: both forms of fields, files, errors, and the life of the server's puppet.
#include <gmock/gmock.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <future>
#include <sstream>
#include <thread>

#include "service_client/client_test.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Calls : public ClientTest {};

constexpr const char* uuid = "880c188f-0000-4000-8000-000000000001";

// --- life cycle ------------------------------------------------------------------------------

TEST_F(Calls, TheStreamIsOpenedBeforeTheServersPuppetIsStarted) {
  log_in();
  EXPECT_EQ(server_.calls().at(0), "Event");
  EXPECT_EQ(server_.count("Start"), 1);  // where a login is told at once, questions may come before
  EXPECT_EQ(states_->names(), "connecting online");
  EXPECT_EQ(puppet_->connection().state, ConnectionState::online);
}

TEST_F(Calls, StopStopsTheServersPuppetAndALeavingClientDoesNot) {
  log_in();
  puppet_->stop();
  EXPECT_EQ(server_.count("Stop"), 1);
  EXPECT_EQ(puppet_->connection().state, ConnectionState::offline);
  EXPECT_EQ(puppet_->connection().reason, "stopped");
  log_in({.stop_server_puppet = false});
  puppet_->stop();
  EXPECT_EQ(server_.count("Stop"), 1);
}

TEST_F(Calls, StopStopsAServersPuppetThatIsStillStarting) {
  std::promise<void> go;
  server_.on_start = [starting = go.get_future().share()] {
    starting.wait();
    return grpc::Status::OK;
  };
  make();
  std::jthread starting{[&] { EXPECT_THROW(puppet_->start(), CancelledError); }};
  ASSERT_TRUE(server_.wait_for("Start"));
  puppet_->stop();
  EXPECT_EQ(server_.count("Stop"), 1) << "else it goes on to start, for nobody";
  go.set_value();
}

TEST_F(Calls, APuppetCanBeStartedAgain) {
  log_in();
  for (int i = 2; i <= 4; ++i) {
    puppet_->stop();
    puppet_->start();
    ASSERT_TRUE(log_->wait_for("ready", i));
  }
  EXPECT_EQ(log_->of("login").size(), 4U);
}

TEST_F(Calls, AFailingStartOfTheServersPuppetFailsTheStart) {
  server_.on_start = [] {
    return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: no phone\n    at x (/a.js:1:1)"};
  };
  make();
  try {
    puppet_->start();
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Start: Error: no phone");
  }
  EXPECT_EQ(puppet_->state(), ServiceMixin::State::stopped);
}

TEST_F(Calls, AWrongTokenFailsTheStartAtOnceWithoutShowingIt) {
  server_.token = "another_token";
  const auto text = std::make_shared<std::ostringstream>();
  const auto logger = std::make_shared<spdlog::logger>(
      "client", std::make_shared<spdlog::sinks::ostream_sink_mt>(*text));
  logger->set_level(spdlog::level::trace);
  make({}, {.logger = logger});
  try {
    puppet_->start();
    FAIL() << "no exception";
  } catch (const AuthenticationError& error) {
    EXPECT_THAT(error.what(), HasSubstr("Invalid Wechaty TOKEN \"<token>\""));
  }
  EXPECT_EQ(server_.count("Event"), 1);
  EXPECT_THAT(puppet_->connection().reason, Not(HasSubstr("test_token")));
  puppet_.reset();  // nothing is logged from here
  EXPECT_THAT(text->str(), AllOf(HasSubstr("Invalid Wechaty TOKEN"), Not(HasSubstr("test_token"))));
}

TEST_F(Calls, ATokenThatACallRepeatsIsNotShown) {
  server_.on_start = [] {
    return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: test_token and test_token again"};
  };
  make();
  try {
    puppet_->start();
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Start: Error: <token> and <token> again");
  }
}

TEST_F(Calls, WithoutAConnectionCallsSaySo) {
  make();
  EXPECT_THROW(static_cast<void>(puppet_->contact_payload("alice")), NetworkError);
}

TEST_F(Calls, LogoutIsACallAndItsFailureReachesTheCaller) {
  server_.on_logout = [] { return grpc::Status{grpc::StatusCode::INTERNAL, "ContractError: x"}; };
  log_in();
  EXPECT_THROW(puppet_->logout("bye"), ContractError);
  EXPECT_EQ(log_->of("logout").size(), 1U);
  EXPECT_FALSE(puppet_->is_logged_in());
}

TEST_F(Calls, TheAccountIsOnTheCard) {
  MemoryCard card;
  make().set_memory(card);
  puppet_->start();
  ASSERT_TRUE(log_->wait_for("login"));
  EXPECT_EQ(card.get_string("account"), "bot");
}

TEST_F(Calls, DirtyPayloadIsPassedOnAndItsEchoForgetsTheEntry) {
  log_in();
  static_cast<void>(puppet_->contact_payload("alice"));
  server_.contact_name = [](const std::string&) { return std::string{"Alicia"}; };
  puppet_->dirty_payload(DirtyType::contact, "alice");
  ASSERT_TRUE(log_->wait_for("dirty 2 alice"));
  EXPECT_EQ(puppet_->contact_payload("alice").name, "Alicia");
}

TEST_F(Calls, WhatTheProtocolCannotCarryIsUnsupported) {
  log_in();
  EXPECT_FALSE(puppet_->supports(Capability::message_send_post));
  EXPECT_FALSE(puppet_->supports(Capability::conversation_read_mark));
  EXPECT_FALSE(puppet_->supports(Capability::tap));
  EXPECT_TRUE(puppet_->supports(Capability::message_send_location));
  EXPECT_THROW(static_cast<void>(puppet_->conversation_read_mark("alice")), UnsupportedError);
}

// --- both forms of fields --------------------------------------------------------------------

TEST_F(Calls, AnAliasIsSentAndReadInBothForms) {
  pb::ContactAliasRequest asked;
  server_.on_alias = [&](const auto& request, auto& response) {
    asked = request;
    response.mutable_alias_string_value_deprecated()->set_value("al");
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_EQ(puppet_->contact_alias("alice"), "al");
  EXPECT_FALSE(asked.has_alias());
  puppet_->set_contact_alias("alice", "ally");
  EXPECT_EQ(asked.alias(), "ally");
  EXPECT_EQ(asked.alias_string_value_deprecated().value(), "ally");
  puppet_->set_contact_alias("alice", std::nullopt);
  EXPECT_TRUE(asked.has_alias());
  EXPECT_TRUE(asked.has_alias_string_value_deprecated());
  EXPECT_EQ(asked.alias(), "");
}

TEST_F(Calls, AFriendshipSaysWhereOneMetInBothForms) {
  pb::FriendshipAddRequest asked;
  server_.on_friendship_add = [&](const auto& request) {
    asked = request;
    return grpc::Status::OK;
  };
  log_in();
  puppet_->friendship_add("dave", {.room_id = "lobby", .contact_id = "carol", .hello = "hi"});
  EXPECT_EQ(asked.hello(), "hi");
  EXPECT_EQ(asked.referrer().room_id(), "lobby");
  EXPECT_EQ(asked.referrer().contact_id(), "carol");
  EXPECT_EQ(asked.source_room_id_string_value_deprecated().value(), "lobby");
  EXPECT_EQ(asked.source_contact_id_string_value_deprecated().value(), "carol");
}

// --- files -----------------------------------------------------------------------------------

class Pattern final : public ByteSource {
 public:
  explicit Pattern(std::size_t size) : rest_{size} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min({buffer.size(), rest_, std::size_t{10'000}});
    for (std::size_t i = 0; i < count; ++i) buffer[i] = static_cast<std::byte>((rest_ - i) % 251);
    rest_ -= count;
    return count;
  }

 private:
  std::size_t rest_;
};

std::string text_of(ByteSource& source) {
  std::string text;
  std::vector<std::byte> buffer(4096);
  while (const std::size_t count = source.read(buffer)) {
    text.append(reinterpret_cast<const char*>(buffer.data()), count);
  }
  return text;
}

class Files : public ClientTest {
 protected:
  void SetUp() override {
    server_.on_send_file = [this](const auto& request, auto& response) {
      sent_ = request.file_box();
      response.set_id("file-1");
      return grpc::Status::OK;
    };
  }
  std::string sent_;
};

TEST_F(Files, ASmallBufferTravelsInside) {
  log_in();
  puppet_->message_send_file("alice", FileBox::from_buffer("hi", "a.txt"));
  const FileBox box = FileBox::from_json_text(sent_);
  EXPECT_EQ(box.type(), FileBoxType::base64);
  EXPECT_EQ(box.to_text(), "hi");
  EXPECT_EQ(server_.count("Upload"), 0);
}

TEST_F(Files, ALargeStreamIsUploadedInChunks) {
  constexpr std::size_t size = 5'000'000;
  log_in();
  puppet_->message_send_file("alice",
                             FileBox::from_stream(std::make_unique<Pattern>(size), "a.bin"));
  const FileBox box = FileBox::from_json_text(sent_);
  EXPECT_EQ(box.type(), FileBoxType::uuid);
  Pattern same{size};
  EXPECT_EQ(server_.uploads().at(box.reference()), text_of(same));
}

TEST_F(Files, AnEmptyFileIsUploadedToo) {
  log_in();
  puppet_->message_send_file("alice", FileBox::from_buffer("", "a.txt"));
  EXPECT_EQ(server_.uploads().at(FileBox::from_json_text(sent_).reference()), "");
}

TEST_F(Files, AFileOfThisServerIsSentOnByItsUuid) {
  server_.store(uuid, "content");
  server_.on_message_file = [](const auto&, auto& response) {
    response.set_file_box(FileBox::from_uuid(uuid, {.name = "a.txt"}).to_json_text());
    return grpc::Status::OK;
  };
  log_in();
  puppet_->message_send_file("alice", puppet_->message_file("m1"));
  EXPECT_EQ(FileBox::from_json_text(sent_).reference(), uuid);
  EXPECT_EQ(server_.count("Upload"), 0);
  EXPECT_EQ(server_.count("Download"), 0);
}

TEST_F(Files, AFileOfAnotherServerIsReadThereAndUploadedHere) {
  class Elsewhere final : public FileBoxResolver {
    std::unique_ptr<ByteSource> load_uuid(const std::string&) override {
      return std::make_unique<Pattern>(10);
    }
  };
  log_in();
  puppet_->message_send_file(
      "alice",
      FileBox::from_uuid(uuid, {.name = "a.txt"}).with_resolver(std::make_shared<Elsewhere>()));
  const auto box = FileBox::from_json_text(sent_);
  EXPECT_NE(box.reference(), uuid);
  Pattern same{10};
  EXPECT_EQ(server_.uploads().at(box.reference()), text_of(same));
}

TEST_F(Files, AStoredFileCanBeReadMoreThanOnceAndAfterwardsSaysThatItIsGone) {
  Pattern pattern{1'000'000};
  const std::string content = text_of(pattern);
  server_.store(uuid, content);
  server_.on_message_file = [](const auto&, auto& response) {
    response.set_file_box(FileBox::from_uuid(uuid, {.name = "a.mp4"}).to_json_text());
    return grpc::Status::OK;
  };
  log_in();
  const FileBox box = puppet_->message_file("m1");
  EXPECT_EQ(box.name(), "a.mp4");
  EXPECT_EQ(box.to_text(), content);
  EXPECT_EQ(box.to_text(), content);
  const auto half_read = box.open();
  std::vector<std::byte> some(10);
  EXPECT_GT(half_read->read(some), 0U);
  puppet_.reset();
  EXPECT_THROW(static_cast<void>(box.to_text()), NetworkError);
}

TEST_F(Files, AStoredFileWithoutAnExtensionIsNamedByItsContent) {
  const std::string png{"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\0\0\0\0", 29};
  server_.store(uuid, png + std::string(100'000, 'x'));
  server_.on_message_file = [](const auto&, auto& response) {
    response.set_file_box(FileBox::from_uuid(uuid, {.name = "picture"}).to_json_text());
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_EQ(puppet_->message_file("m1").name(), "picture.png");
}

TEST_F(Files, AnUnknownUuidIsNotFound) {
  server_.on_message_file = [](const auto&, auto& response) {
    response.set_file_box(FileBox::from_uuid(uuid, {.name = "a.mp4"}).to_json_text());
    return grpc::Status::OK;
  };
  log_in();
  EXPECT_THROW(static_cast<void>(puppet_->message_file("m1").to_text()), NotFoundError);
}

TEST_F(Files, WhatTheReferenceCannotPutIntoJsonComesByTheOldStream) {
  for (const bool empty_answer : {false, true}) {
    server_.on_message_file = [&](const auto&, auto&) {
      return empty_answer ? grpc::Status::OK
                          : grpc::Status{grpc::StatusCode::UNKNOWN,
                                         "Error: FileBox.toJSON() can only work on limited types"};
    };
    server_.on_message_file_stream = [](auto& writer) {
      pb::MessageFileStreamResponse part;
      part.mutable_file_box_chunk()->set_name("a.txt");
      writer.Write(part);
      part.Clear();
      for (const std::string chunk : {"he", "", "llo"}) {
        part.mutable_file_box_chunk()->set_data(chunk);
        writer.Write(part);
      }
      return grpc::Status::OK;
    };
    log_in();
    const FileBox box = puppet_->message_file("m1");
    EXPECT_EQ(box.name(), "a.txt");
    EXPECT_EQ(box.to_text(), "hello");
    EXPECT_EQ(box.to_text(), "hello");
  }
}

TEST_F(Files, AnotherFailureIsNotTriedAgain) {
  server_.on_message_file = [](const auto&, auto&) {
    return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: no filebox cache"};
  };
  server_.on_send_file = [](const auto&, auto&) {
    return grpc::Status{grpc::StatusCode::UNKNOWN, "Error: refused"};
  };
  log_in();
  EXPECT_THROW(static_cast<void>(puppet_->message_file("m1")), Error);
  EXPECT_THROW(puppet_->message_send_file("alice", FileBox::from_buffer("x", "a.txt")), Error);
  EXPECT_EQ(server_.count("MessageFileStream"), 0);
  EXPECT_EQ(server_.count("MessageSendFile"), 1);
  EXPECT_EQ(server_.count("MessageSendFileStream"), 0);
}

TEST_F(Files, AServerThatKnowsTheOldStreamsOnlyGetsFilesByThem) {
  server_.has_upload = false;
  server_.on_send_file = [](const auto&, auto&) {
    return grpc::Status{grpc::StatusCode::UNIMPLEMENTED, "unknown method"};
  };
  Pattern pattern{30'000};
  const std::string large = text_of(pattern);
  log_in();
  EXPECT_EQ(puppet_->message_send_file("alice", FileBox::from_buffer("x", "small.txt")),
            "streamed-1");
  puppet_->message_send_file("alice", FileBox::from_buffer(large, "large.bin"));
  EXPECT_EQ(server_.streamed().at("small.txt"), "x");
  EXPECT_EQ(server_.streamed().at("large.bin"), large);
}

TEST_F(Files, AnOldStreamThatNeverBeginsIsATimeout) {
  std::promise<void> go;
  const auto gone = go.get_future().share();
  server_.on_message_file = [](const auto&, auto&) { return grpc::Status::OK; };
  server_.on_message_file_stream = [gone](auto&) {
    gone.wait();
    return grpc::Status::OK;
  };
  log_in({.call_timeout = std::chrono::milliseconds{200}});
  EXPECT_THROW(static_cast<void>(puppet_->message_file("m1")), Error);
  go.set_value();
}

}  // namespace
}  // namespace wechaty::puppet_service::test
