// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "puppet_service/wire/file_boxes.hpp"
#include "puppet_service/wire/status.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

using namespace puppet;

TEST(WireStatus, EachClassHasItsCodeAndItsNameInFront) {
  const auto check = [](const auto& error, grpc::StatusCode code, const char* message) {
    const grpc::Status status = status_of(std::make_exception_ptr(error));
    EXPECT_EQ(status.error_code(), code) << message;
    EXPECT_EQ(status.error_message(), message);
  };
  check(InvalidArgumentError{"x"}, grpc::StatusCode::INVALID_ARGUMENT, "InvalidArgumentError: x");
  check(NotLoggedInError{"x"}, grpc::StatusCode::FAILED_PRECONDITION, "NotLoggedInError: x");
  check(NotFoundError{"x"}, grpc::StatusCode::NOT_FOUND, "NotFoundError: x");
  check(UnsupportedError{"x"}, grpc::StatusCode::UNIMPLEMENTED, "UnsupportedError: x");
  check(ContractError{"x"}, grpc::StatusCode::INTERNAL, "ContractError: x");
  check(ConflictError{"x"}, grpc::StatusCode::ABORTED, "ConflictError: x");
  check(StorageError{"x"}, grpc::StatusCode::UNAVAILABLE, "StorageError: x");
  check(TimeoutError{"x"}, grpc::StatusCode::DEADLINE_EXCEEDED, "TimeoutError: x");
  check(CancelledError{"x"}, grpc::StatusCode::CANCELLED, "CancelledError: x");
  check(std::runtime_error{"x"}, grpc::StatusCode::UNKNOWN, "std::runtime_error: x");
}

TEST(WireStatus, ErrorsOfOursComeBackAsTheirClass) {
  const auto back = [](const auto& error) {
    return error_of(status_of(std::make_exception_ptr(error)), "Call");
  };
  EXPECT_THROW(std::rethrow_exception(back(NotFoundError{"x"})), NotFoundError);
  EXPECT_THROW(std::rethrow_exception(back(StorageError{"x"})), StorageError);
  EXPECT_THROW(std::rethrow_exception(back(UnsupportedError{"x"})), UnsupportedError);
  EXPECT_THROW(std::rethrow_exception(back(CancelledError{"x"})), CancelledError);
}

TEST(WireStatus, TheNameInFrontDecidesWhereTheReferenceHasCode2ForAll) {
  const grpc::Status status{grpc::StatusCode::UNKNOWN, "NotFoundError: gone\n  at frames"};
  EXPECT_THROW(std::rethrow_exception(error_of(status, "Call")), NotFoundError);
}

TEST(WireStatus, TheCodeDecidesWithoutAName) {
  const auto thrown = [](grpc::StatusCode code) { return error_of({code, "text"}, "Call"); };
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::NOT_FOUND)), NotFoundError);
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::DEADLINE_EXCEEDED)), TimeoutError);
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::UNAVAILABLE)), NetworkError);
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::ALREADY_EXISTS)), ConflictError);
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::UNAUTHENTICATED)),
               AuthenticationError);
  EXPECT_THROW(std::rethrow_exception(thrown(grpc::StatusCode::RESOURCE_EXHAUSTED)), TooLargeError);
}

TEST(WireStatus, AStackOfTheReferenceIsReadWithoutItsFrames) {
  const grpc::Status status{
      grpc::StatusCode::UNKNOWN,
      "Error: no such thing\n    at Object.<anonymous> (/a/b.js:1:2)\n    at c"};
  try {
    std::rethrow_exception(error_of(status, "Call"));
    FAIL() << "no exception";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "Call: Error: no such thing");
  }
}

TEST(WireStatus, WhatTheReferenceDoesNotSupportIsUnsupported) {
  const grpc::Status status{
      grpc::StatusCode::UNKNOWN,
      "Error: Wechaty Puppet Unsupported API Error. Learn More At x\n    at f"};
  EXPECT_THROW(std::rethrow_exception(error_of(status, "Call")), UnsupportedError);
}

TEST(WireStatus, LongTextIsCutAndRubbishReplaced) {
  const grpc::Status status =
      status_of(std::make_exception_ptr(Error{"\xFF" + std::string(100'000, 'x')}));
  EXPECT_LT(status.error_message().size(), 3'000U);
  EXPECT_EQ(status.error_message().substr(0, 10), "Error: \xEF\xBF\xBD");
}

FileBox bytes(std::size_t size) {
  return FileBox::from_buffer(std::vector<std::byte>(size, std::byte{'x'}), "x.txt");
}

TEST(WireFileBoxes, TwentyKibibytesPassThroughAndOneMoreIsStored) {
  EXPECT_EQ(form_of(bytes(1)), BoxForm::base64);
  EXPECT_EQ(form_of(bytes(20'480)), BoxForm::base64);
  EXPECT_EQ(form_of(bytes(20'481)), BoxForm::stored);
  const auto base64 = [](std::size_t size) {
    return FileBox::from_base64(bytes(size).to_base64(), "x.txt");
  };
  EXPECT_EQ(form_of(base64(20'480)), BoxForm::as_it_is);
  EXPECT_EQ(form_of(base64(20'481)), BoxForm::stored);
}

TEST(WireFileBoxes, EmptyContentsAndStreamsAreStored) {
  class Nothing final : public ByteSource {
    std::size_t read(std::span<std::byte>) override { return 0; }
  };
  EXPECT_EQ(form_of(bytes(0)), BoxForm::stored);
  EXPECT_EQ(form_of(FileBox::from_stream(std::make_unique<Nothing>())), BoxForm::stored);
}

TEST(WireFileBoxes, UrlAndQrCodeTravelAsTheyAre) {
  const FileBox url = FileBox::from_url("http://x.y/z.png");
  EXPECT_EQ(form_of(url), BoxForm::as_it_is);
  auto json = nlohmann::json::parse(box_text(url));
  EXPECT_EQ(json.at("remoteUrl"), "http://x.y/z.png") << "for bots in Python, Go and Java";
  json.erase("remoteUrl");
  EXPECT_EQ(json, nlohmann::json::parse(url.to_json_text()));
  EXPECT_EQ(form_of(FileBox::from_qr_code("text")), BoxForm::as_it_is);
}

TEST(WireFileBoxes, TheUrlOfOldClientsIsRead) {
  const FileBox box =
      read_box(R"({"name": "z.png", "boxType": 2, "remoteUrl": "http://x.y/z.png"})", "field");
  EXPECT_EQ(box.type(), FileBoxType::url);
  EXPECT_EQ(box.reference(), "http://x.y/z.png");
}

TEST(WireFileBoxes, ABufferBecomesBase64OfTheSameContent) {
  const FileBox back = read_box(box_text(FileBox::from_buffer("hi", "a.txt", "md5")), "field");
  EXPECT_EQ(back.type(), FileBoxType::base64);
  EXPECT_EQ(back.name(), "a.txt");
  EXPECT_EQ(back.md5(), "md5");
  EXPECT_EQ(back.to_text(), "hi");
}

TEST(WireFileBoxes, AUuidStandsForTheBoxWithItsNameSizeAndMetadata) {
  const FileBox box = bytes(30'000).with_metadata(nlohmann::json{{"k", 1}});
  const std::string uuid = "880c188f-0000-4000-8000-000000000000";
  const FileBox back = read_box(box_text(box, uuid), "field");
  EXPECT_EQ(back.type(), FileBoxType::uuid);
  EXPECT_EQ(back.reference(), uuid);
  EXPECT_EQ(back.name(), "x.txt");
  EXPECT_EQ(back.size(), 30'000U);
  EXPECT_EQ(back.metadata_text(), R"({"k":1})");
}

TEST(WireFileBoxes, WhatIsNoBoxIsRefusedAndSaysWhichField) {
  for (const char* text :
       {"", "no JSON", "[]", "{}", R"({"type":5})", R"({"type":7,"uuid":"../x"})",
        R"({"type":7,"uuid":""})", R"({"type":2,"url":"file:///etc/passwd"})"}) {
    EXPECT_THROW((void)read_box(text, "field"), InvalidArgumentError) << text;
  }
  try {
    (void)read_box("no JSON", "MessageSendFileRequest.file_box");
  } catch (const InvalidArgumentError& error) {
    EXPECT_NE(std::string_view{error.what()}.find("MessageSendFileRequest.file_box"),
              std::string_view::npos);
  }
}

TEST(WireFileBoxes, DeeplyNestedJsonIsRefusedBeforeItIsParsed) {
  std::string nested = R"({"type":1,"base64":"aGk=","metadata":)";
  for (int i = 0; i < 200'000; ++i) nested += R"({"a":)";
  EXPECT_THROW((void)read_box(nested, "field"), InvalidArgumentError);
  EXPECT_NO_THROW(
      (void)parse_json(R"({"a":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[)"
                       R"([[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[["})",
                       "field"));
}

TEST(WireTwins, TheIdOfASentMessageIsInBothFields) {
  pb::MessageSendTextResponse response;
  write_sent_id("m", response);
  EXPECT_EQ(response.id(), "m");
  EXPECT_EQ(response.id_string_value_deprecated().value(), "m");
  response.clear_id();
  EXPECT_EQ(read_sent_id(response), "m");
}

TEST(WireTwins, AnEmptyTextThatIsThereIsNotAMissingOne) {
  google::protobuf::StringValue wrapper;
  wrapper.set_value("old");
  EXPECT_EQ(twin(true, "", true, wrapper), "");
  EXPECT_EQ(twin(false, "", true, wrapper), "old");
  EXPECT_EQ(twin(false, "", false, wrapper), std::nullopt);
}

}  // namespace
}  // namespace wechaty::puppet_service
