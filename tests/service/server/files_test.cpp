// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "puppet_service/wire/file_boxes.hpp"
#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

using namespace puppet;
using grpc::StatusCode;

std::string bytes(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7 + i / 251);
  return text;
}

/// What a file stream brought.
struct Brought {
  std::string name{};
  std::string content{};
  std::size_t largest = 0;
  bool had_empty_chunk = false;
  grpc::Status status;
};

class FileClient {
 public:
  explicit FileClient(WireClient client) : client_{std::move(client)} {}

  struct Uploaded {
    std::string id;
    grpc::Status status;
  };
  Uploaded upload(const std::string& content, std::size_t chunk = 262'144,
                  bool with_empty_chunks = false) {
    grpc::ClientContext context;
    client_.prepare(context);
    pb::UploadResponse response;
    const auto writer =
        client_.write<pb::UploadRequest>("/wechaty.Puppet/Upload", response, context);
    for (std::size_t at = 0; at < content.size(); at += chunk) {
      pb::UploadRequest frame;
      if (with_empty_chunks) writer->Write(frame);
      frame.set_chunk(content.substr(at, chunk));
      if (!writer->Write(frame)) break;
    }
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return {response.id(), status};
  }

  Brought download(const std::string& id) {
    grpc::ClientContext context;
    client_.prepare(context);
    pb::DownloadRequest request;
    request.set_id(id);
    const auto reader =
        client_.read<pb::DownloadResponse>("/wechaty.Puppet/Download", request, context);
    Brought brought;
    pb::DownloadResponse frame;
    while (reader->Read(&frame)) {
      brought.content += frame.chunk();
      brought.largest = std::max(brought.largest, frame.chunk().size());
      brought.had_empty_chunk = brought.had_empty_chunk || frame.chunk().empty();
    }
    brought.status = reader->Finish();
    return brought;
  }

  template <class Response, class Request>
  Brought file_stream(const std::string& rpc, const Request& request) {
    grpc::ClientContext context;
    client_.prepare(context);
    const auto reader = client_.read<Response>("/wechaty.Puppet/" + rpc, request, context);
    Brought brought;
    Response frame;
    bool first = true;
    while (reader->Read(&frame)) {
      const auto& chunk = frame.file_box_chunk();
      if (first) {
        brought.name = chunk.name();
        EXPECT_FALSE(chunk.has_data()) << "the name comes alone";
      } else {
        EXPECT_FALSE(chunk.has_name());
        brought.content += chunk.data();
        brought.largest = std::max(brought.largest, chunk.data().size());
        brought.had_empty_chunk = brought.had_empty_chunk || chunk.data().empty();
      }
      first = false;
    }
    brought.status = reader->Finish();
    return brought;
  }

  struct Sent {
    std::string id;
    std::string old_id;
    grpc::Status status;
  };
  /// MessageSendFileStream with these frames.
  Sent send(const std::vector<pb::MessageSendFileStreamRequest>& frames) {
    grpc::ClientContext context;
    client_.prepare(context);
    pb::MessageSendFileStreamResponse response;
    const auto writer = client_.write<pb::MessageSendFileStreamRequest>(
        "/wechaty.Puppet/MessageSendFileStream", response, context);
    for (const auto& frame : frames) writer->Write(frame);
    writer->WritesDone();
    const grpc::Status status = writer->Finish();
    return {response.id(), response.id_string_value_deprecated().value(), status};
  }
  static pb::MessageSendFileStreamRequest conversation(const std::string& id) {
    pb::MessageSendFileStreamRequest frame;
    frame.set_conversation_id(id);
    return frame;
  }
  static pb::MessageSendFileStreamRequest name(const std::string& text) {
    pb::MessageSendFileStreamRequest frame;
    frame.mutable_file_box_chunk()->set_name(text);
    return frame;
  }
  static pb::MessageSendFileStreamRequest data(const std::string& text) {
    pb::MessageSendFileStreamRequest frame;
    frame.mutable_file_box_chunk()->set_data(text);
    return frame;
  }

  [[nodiscard]] const WireClient& wire() const { return client_; }

 private:
  WireClient client_;
};

class ServerFiles : public testing::Test {
 protected:
  void log_in() {
    EventReader events{files_.wire()};
    (void)files_.wire().ask<pb::StartResponse>("Start", pb::StartRequest{});
    ASSERT_TRUE(events.wait_for("23 "));
  }
  /// A message with this file, from Alice.
  std::string alice_sends(const FileBox& file) {
    return served_.world->person("alice").say(file).to("bot");
  }
  nlohmann::json file_of(const std::string& message_id) {
    pb::MessageFileRequest request;
    request.set_id(message_id);
    return nlohmann::json::parse(
        files_.wire().ask<pb::MessageFileResponse>("MessageFile", request).file_box());
  }

  ServedMock served_;
  FileClient files_{served_.client()};
};

TEST_F(ServerFiles, WhatWasUploadedComesDownAsOftenAsOneLikes) {
  for (const std::size_t size : {0U, 1U, 20'480U, 262'144U, 262'145U, 5'000'000U}) {
    const std::string content = bytes(size);
    const auto uploaded = files_.upload(content);
    ASSERT_TRUE(uploaded.status.ok()) << uploaded.status.error_message();
    EXPECT_TRUE(puppet::UuidStore::is_uuid(uploaded.id)) << uploaded.id;
    for (int i = 0; i < 2; ++i) {
      const Brought brought = files_.download(uploaded.id);
      EXPECT_TRUE(brought.status.ok()) << brought.status.error_message();
      EXPECT_TRUE(brought.content == content) << size;
      EXPECT_FALSE(brought.had_empty_chunk);
      EXPECT_LE(brought.largest, 262'144U);
    }
  }
}

TEST_F(ServerFiles, EmptyChunksOfOthersAreSkipped) {
  const auto uploaded = files_.upload("abcdef", 2, true);
  EXPECT_EQ(files_.download(uploaded.id).content, "abcdef");
}

TEST_F(ServerFiles, IdsThatAreUnknownOrNoneGetAStatus) {
  EXPECT_EQ(files_.download("880c188f-0000-4000-8000-000000000000").status.error_code(),
            StatusCode::NOT_FOUND);
  for (const char* id : {"", "../x", "/etc/passwd", "880c188f-0000-4000-8000-00000000000/"}) {
    const Brought brought = files_.download(id);
    EXPECT_EQ(brought.status.error_code(), StatusCode::INVALID_ARGUMENT) << id;
    EXPECT_EQ(brought.content, "");
  }
}

TEST_F(ServerFiles, SmallFilesTravelInsideAndLargeOnesByTheirUuid) {
  log_in();
  const auto small = file_of(alice_sends(FileBox::from_buffer(bytes(20'480), "small.bin")));
  EXPECT_EQ(small.at("type"), 1);
  EXPECT_TRUE(FileBox::from_json(small).to_text() == bytes(20'480));
  const auto large = file_of(alice_sends(FileBox::from_buffer(bytes(20'481), "large.bin")));
  EXPECT_EQ(large.at("type"), 7);
  EXPECT_EQ(large.at("name"), "large.bin");
  EXPECT_EQ(large.at("size"), 20'481);
  EXPECT_TRUE(files_.download(large.at("uuid")).content == bytes(20'481));
  const auto url = file_of(alice_sends(FileBox::from_url("http://x.y/z.png")));
  EXPECT_EQ(url.at("type"), 2);
  EXPECT_EQ(url.at("url"), "http://x.y/z.png");
}

TEST_F(ServerFiles, AFileThatIsAskedForOftenIsStoredOnce) {
  log_in();
  const std::string video = alice_sends(FileBox::from_buffer(bytes(100'000), "video.mp4"));
  const auto first = file_of(video);
  EXPECT_EQ(file_of(video).at("uuid"), first.at("uuid"));
  const std::string other = alice_sends(FileBox::from_buffer(bytes(100'000), "video.mp4"));
  EXPECT_NE(file_of(other).at("uuid"), first.at("uuid"));
}

TEST(ServerFileStore, AFileThatIsAskedForAgainCanBeFetchedForLongEnough) {
  auto options = test_options();
  options.files.max_age = std::chrono::milliseconds{1'000};
  ServedMock served{options};
  FileClient files{served.client()};
  EventReader events{files.wire()};
  (void)files.wire().ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for("23 "));
  pb::MessageFileRequest request;
  request.set_id(served.world->person("alice")
                     .say(FileBox::from_buffer(bytes(100'000), "video.mp4"))
                     .to("bot"));
  const auto uuid = [&] {
    const auto file = files.wire().ask<pb::MessageFileResponse>("MessageFile", request).file_box();
    return nlohmann::json::parse(file).at("uuid").get<std::string>();
  };
  const std::string first = uuid();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  std::string later = first;
  while (later == first && std::chrono::steady_clock::now() < limit) later = uuid();
  EXPECT_NE(later, first) << "half of its time is over: a new one";
  EXPECT_TRUE(files.download(first).status.ok()) << "and the first is still there";
}

TEST(ServerFileStore, ClientsThatKnowNoUuidsGetFilesInside) {
  auto options = test_options();
  options.inline_bytes = 100'000;
  ServedMock served{options};
  const WireClient wire = served.client();
  EventReader events{wire};
  (void)wire.ask<pb::StartResponse>("Start", pb::StartRequest{});
  ASSERT_TRUE(events.wait_for("23 "));
  const auto file = [&](std::size_t size) {
    pb::MessageImageRequest request;
    request.set_id(
        served.world->person("alice").say(FileBox::from_buffer(bytes(size), "file.bin")).to("bot"));
    return nlohmann::json::parse(
        wire.ask<pb::MessageImageResponse>("MessageImage", request).file_box());
  };
  const auto picture = file(100'000);
  EXPECT_EQ(picture.at("boxType"), 1);
  EXPECT_EQ(picture.at("name"), "file.bin");
  EXPECT_TRUE(FileBox::from_json(picture).to_text() == bytes(100'000));
  EXPECT_EQ(file(100'001).at("boxType"), 7) << "what is larger goes as ever";
}

TEST_F(ServerFiles, UploadedFileIsSentUnderANameThatTellsItsType) {
  log_in();
  const std::string png =
      std::string{"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\b\x06\0\0\0", 29} +
      bytes(30'000);
  const auto uploaded = files_.upload(png);
  pb::MessageSendFileRequest request;
  request.set_conversation_id("alice");
  request.set_file_box(R"({"metadata":{},"name":"picture.dat","size":-1,"type":7,"uuid":")" +
                       uploaded.id + R"(","boxType":7})");
  const auto sent = files_.wire().ask<pb::MessageSendFileResponse>("MessageSendFile", request);
  EXPECT_EQ(sent.id(), sent.id_string_value_deprecated().value());
  const auto arrived = served_.world->message(sent.id());
  EXPECT_EQ(arrived.payload.filename, "picture.png");
  const auto* file = std::get_if<SayableFile>(&arrived.content.value);
  ASSERT_NE(file, nullptr);
  EXPECT_TRUE(file->file.to_text() == png);
}

TEST_F(ServerFiles, BoxesThatAreNoneAreRefused) {
  log_in();
  pb::MessageSendFileRequest request;
  request.set_conversation_id("alice");
  for (const char* text :
       {"", "no JSON", R"({"type":5,"path":"/etc/passwd"})", R"({"type":7,"uuid":"../../x"})"}) {
    request.set_file_box(text);
    pb::MessageSendFileResponse response;
    EXPECT_EQ(files_.wire().try_to("MessageSendFile", request, response).error_code(),
              StatusCode::INVALID_ARGUMENT)
        << text;
  }
  request.set_file_box(R"({"type":7,"uuid":"880c188f-0000-4000-8000-000000000000"})");
  pb::MessageSendFileResponse response;
  EXPECT_EQ(files_.wire().try_to("MessageSendFile", request, response).error_code(),
            StatusCode::NOT_FOUND);
}

TEST_F(ServerFiles, DeprecatedStreamSendsAFile) {
  log_in();
  const std::string content = bytes(300'000);
  const auto sent = files_.send({FileClient::conversation("alice"), FileClient::name("a.bin"),
                                 FileClient::data(content.substr(0, 200'000)),
                                 FileClient::data(content.substr(200'000))});
  ASSERT_TRUE(sent.status.ok()) << sent.status.error_message();
  EXPECT_EQ(sent.id, sent.old_id);
  const auto arrived = served_.world->message(sent.id);
  EXPECT_EQ(arrived.payload.filename, "a.bin");
  EXPECT_TRUE(std::get<SayableFile>(arrived.content.value).file.to_text() == content);
}

TEST_F(ServerFiles, DeprecatedStreamTakesAllInOneFrameAndSaysWhatIsMissing) {
  log_in();
  auto all = FileClient::conversation("alice");
  all.mutable_file_box_chunk()->set_name("a.txt");
  all.mutable_file_box_chunk()->set_data("hi");
  EXPECT_TRUE(files_.send({all}).status.ok());
  EXPECT_EQ(files_.send({}).status.error_message(), "InvalidArgumentError: no conversation id");
  EXPECT_EQ(files_.send({FileClient::name("a.txt")}).status.error_message(),
            "InvalidArgumentError: no conversation id");
  EXPECT_EQ(files_.send({FileClient::conversation("alice"), FileClient::data("hi")})
                .status.error_message(),
            "InvalidArgumentError: no name");
}

TEST_F(ServerFiles, DeprecatedStreamsBringAFile) {
  log_in();
  const std::string content = bytes(600'000);
  const std::string id = alice_sends(FileBox::from_buffer(content, "a.bin"));
  pb::MessageFileStreamRequest request;
  request.set_id(id);
  const Brought brought =
      files_.file_stream<pb::MessageFileStreamResponse>("MessageFileStream", request);
  EXPECT_TRUE(brought.status.ok()) << brought.status.error_message();
  EXPECT_EQ(brought.name, "a.bin");
  EXPECT_TRUE(brought.content == content);
  EXPECT_FALSE(brought.had_empty_chunk);
  EXPECT_LE(brought.largest, 262'144U);

  request.set_id("nothing");
  EXPECT_EQ(files_.file_stream<pb::MessageFileStreamResponse>("MessageFileStream", request)
                .status.error_code(),
            StatusCode::NOT_FOUND)
      << "the reference hangs here";
}

TEST_F(ServerFiles, AvatarIsSetByEitherField) {
  log_in();
  pb::ContactAvatarRequest request;
  request.set_id("bot");
  request.mutable_filebox_string_value_deprecated()->set_value(
      FileBox::from_base64("aGk=", "a.txt").to_json_text());
  (void)files_.wire().ask<pb::ContactAvatarResponse>("ContactAvatar", request);
  EXPECT_EQ(served_.world->avatar("bot").to_text(), "hi");
  pb::ContactAvatarRequest get;
  get.set_id("bot");
  const auto avatar = files_.wire().ask<pb::ContactAvatarResponse>("ContactAvatar", get);
  EXPECT_EQ(FileBox::from_json_text(avatar.file_box()).to_text(), "hi");
}

TEST(ServerFileLimits, UploadBeyondItsLimitIsRefusedAndLeavesNothing) {
  PuppetServerOptions options = test_options();
  options.limits.upload_bytes = 100'000;
  options.files.max_bytes = 150'000;
  ServedMock served{options};
  FileClient files{served.client()};
  EXPECT_EQ(files.upload(bytes(100'001), 10'000).status.error_code(),
            StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(files.upload(bytes(100'000)).status.ok()) << "the room of the other is free";
  EXPECT_EQ(files.upload(bytes(100'000)).status.error_code(), StatusCode::RESOURCE_EXHAUSTED);
}

TEST(ServerFileLimits, IdsExpire) {
  PuppetServerOptions options = test_options();
  options.files.max_age = std::chrono::milliseconds{50};
  ServedMock served{options};
  FileClient files{served.client()};
  const auto uploaded = files.upload("hi");
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  auto code = StatusCode::OK;
  while (code == StatusCode::OK && std::chrono::steady_clock::now() < end) {
    code = files.download(uploaded.id).status.error_code();
  }
  EXPECT_EQ(code, StatusCode::NOT_FOUND);
}

TEST(ServerFileLimits, SilentUploadIsEndedAndItsPlaceFree) {
  PuppetServerOptions options = test_options();
  options.limits.file_idle = std::chrono::milliseconds{60};
  options.limits.file_streams = 1;
  ServedMock served{options};
  const WireClient client = served.client();
  grpc::ClientContext context;
  client.prepare(context);
  pb::UploadResponse response;
  const auto writer = client.write<pb::UploadRequest>("/wechaty.Puppet/Upload", response, context);
  pb::UploadRequest frame;
  frame.set_chunk("x");
  writer->Write(frame);
  EXPECT_EQ(writer->Finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(FileClient{served.client()}.upload("y").status.ok());
}

TEST(ServerFileLimits, DownloadThatNobodyReadsIsCut) {
  PuppetServerOptions options = test_options();
  options.limits.file_idle = std::chrono::milliseconds{60};
  ServedMock served{options};
  FileClient files{served.client()};
  const std::string content = bytes(30'000'000);
  pb::DownloadRequest request;
  request.set_id(files.upload(content).id);
  grpc::ClientContext context;
  const WireClient client = served.client();
  client.prepare(context);
  const auto reader =
      client.read<pb::DownloadResponse>("/wechaty.Puppet/Download", request, context);
  reader->WaitForInitialMetadata();
  const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds{600};
  while (std::chrono::steady_clock::now() < limit) std::this_thread::yield();  // reads nothing
  std::size_t came = 0;
  pb::DownloadResponse frame;
  while (reader->Read(&frame)) came += frame.chunk().size();
  EXPECT_LT(came, content.size());
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::CANCELLED)
      << "its status would have waited behind the content for ever";
}

TEST_F(ServerFiles, CallsThatAreGivenUpAtAnyMomentHurtNobody) {
  const auto uploaded = files_.upload(bytes(600'000));
  std::atomic<int> calls = 0;
  const auto give_up = [&](unsigned seed) {
    const WireClient client = served_.client();
    std::mt19937 random{seed};
    for (int i = 0; i < 300; ++i, ++calls) {
      grpc::ClientContext context;
      client.prepare(context);
      const int frames = static_cast<int>(random() % 4);
      if (i % 2 == 0) {
        pb::DownloadRequest request;
        request.set_id(uploaded.id);
        const auto reader =
            client.read<pb::DownloadResponse>("/wechaty.Puppet/Download", request, context);
        pb::DownloadResponse frame;
        for (int j = 0; j < frames && reader->Read(&frame); ++j) {
        }
        context.TryCancel();
        (void)reader->Finish();
      } else {
        pb::UploadResponse response;
        const auto writer =
            client.write<pb::UploadRequest>("/wechaty.Puppet/Upload", response, context);
        pb::UploadRequest frame;
        frame.set_chunk(std::string(50'000, 'x'));
        for (int j = 0; j < frames && writer->Write(frame); ++j) {
        }
        context.TryCancel();
        (void)writer->Finish();
      }
    }
  };
  {
    const std::jthread one{give_up, 1U};
    const std::jthread two{give_up, 2U};
    const std::jthread three{give_up, 3U};
  }
  EXPECT_EQ(calls, 900);
  EXPECT_TRUE(files_.download(uploaded.id).status.ok());
}

TEST(ServerFileLimits, OneFileStreamTooManyIsRefused) {
  PuppetServerOptions options = test_options();
  options.limits.file_streams = 1;
  ServedMock served{options};
  const WireClient client = served.client();
  grpc::ClientContext context;
  client.prepare(context);
  pb::UploadResponse response;
  const auto writer = client.write<pb::UploadRequest>("/wechaty.Puppet/Upload", response, context);
  pb::UploadRequest frame;
  frame.set_chunk("x");
  ASSERT_TRUE(writer->Write(frame));
  // The first is known to be there once a second one is refused.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  auto code = StatusCode::OK;
  while (code == StatusCode::OK && std::chrono::steady_clock::now() < end) {
    code = FileClient{served.client()}.upload("y").status.error_code();
  }
  EXPECT_EQ(code, StatusCode::RESOURCE_EXHAUSTED);
  writer->WritesDone();
  EXPECT_TRUE(writer->Finish().ok());
}

}  // namespace
}  // namespace wechaty::puppet_service::test
