// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet_storage/s3_storage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "puppet_storage/http_client.hpp"
#include "puppet_storage/s3_signature.hpp"
#include "storage/storage_rules.hpp"
#include "support/server_process.hpp"
#include "support/temp_folder.hpp"

namespace wechaty::puppet_storage {
namespace {

using namespace std::chrono_literals;
using puppet::ConflictError;
using puppet::MemoryCard;
using puppet::StorageError;
using puppet::StorageUrl;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// --- the four worked examples of AWS's documentation of Signature Version 4 for S3 ---------------

const S3Credentials example_credentials{"AKIAIOSFODNN7EXAMPLE",
                                        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};

std::string example_signature(S3Request request, const std::string& content_hash) {
  constexpr const char* time = "20130524T000000Z";
  request.headers["host"] = "examplebucket.s3.amazonaws.com";
  request.headers["x-amz-date"] = time;
  request.headers["x-amz-content-sha256"] = content_hash;
  const auto header = authorization(request, example_credentials, "us-east-1", time);
  return header.substr(header.find("Signature=") + 10);
}

TEST(S3Signature, IsThatOfAwsExampleGetObject) {
  EXPECT_EQ(example_signature({"GET", "/test.txt", {}, {{"range", "bytes=0-9"}}}, sha256_hex("")),
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}
TEST(S3Signature, IsThatOfAwsExamplePutObject) {
  EXPECT_EQ(example_signature({"PUT",
                               encode_path("/test$file.text"),
                               {},
                               {{"date", "Fri, 24 May 2013 00:00:00 GMT"},
                                {"x-amz-storage-class", "REDUCED_REDUNDANCY"}}},
                              sha256_hex("Welcome to Amazon S3.")),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}
TEST(S3Signature, IsThatOfAwsExampleGetBucketLifecycle) {
  EXPECT_EQ(example_signature({"GET", "/", {{"lifecycle", ""}}, {}}, sha256_hex("")),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}
TEST(S3Signature, IsThatOfAwsExampleListObjects) {
  EXPECT_EQ(
      example_signature({"GET", "/", {{"prefix", "J"}, {"max-keys", "2"}}, {}}, sha256_hex("")),
      "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// --- against a server that verifies signatures
// -----------------------------------------------------

class S3Test : public testing::Test {
 protected:
  void SetUp() override { start({}); }

  void start(std::vector<std::string> mode) {
    const auto port = puppet::test::free_port();
    address_ = "127.0.0.1:" + std::to_string(port);
    options_.bucket = "cards";
    options_.endpoint = "http://" + address_;
    options_.path_style = true;
    options_.region = "eu-test-1";
    options_.access_key_id = "ID";
    options_.secret_access_key = "SECRET";
    std::vector<std::string> words{"node",
                                   WECHATY_PUPPET_SOURCE_DIR "/tests/storage/s3_double.mjs",
                                   std::to_string(port),
                                   options_.bucket,
                                   "ID",
                                   "SECRET",
                                   options_.region};
    words.insert(words.end(), mode.begin(), mode.end());
    server_.reset();
    server_.emplace(words, folder_ / "log", [this] {
      try {
        return control("keys").status == 200;
      } catch (const StorageError&) {
        return false;
      }
    });
  }

  HttpResponse control(const std::string& what) {
    return HttpClient{{.connect_timeout = 200ms}}.send(
        {.url = options_.endpoint + "/.double/" + what});
  }
  std::unique_ptr<S3Storage> open() { return std::make_unique<S3Storage>("dir/bot@1", options_); }
  void impatient() {
    options_.remote = {
        .connect_timeout = 500ms, .request_timeout = 500ms, .attempts = 2, .first_pause = 1ms};
  }

  puppet::test::TempFolder folder_;
  std::string address_;
  S3Options options_;
  std::optional<puppet::test::ServerProcess> server_;
};

TEST_F(S3Test, KeepsTheRulesOfEveryStorage) {
  for (const auto conditions : {S3Conditions::check_and_headers, S3Conditions::headers}) {
    options_.conditions = conditions;
    const auto open_card = [this] { return open(); };
    puppet::test::nothing_stored_is_no_error(open_card);
    puppet::test::keeps_documents_byte_for_byte(open_card);
    puppet::test::the_later_writer_gets_a_conflict(open_card);
    puppet::test::of_many_writers_exactly_one_wins(open_card);
    puppet::test::a_damaged_document_is_set_aside(open_card);
  }
}

TEST_F(S3Test, NoticesAConflictAlsoWhereTheServerIgnoresConditions) {
  start({"ignore-conditions"});
  puppet::test::the_later_writer_gets_a_conflict([this] { return open(); });
}

TEST_F(S3Test, ReadsWhatTheNpmPackageKeepsOnObsAndStoresItPlainly) {
  // What JSON.stringify makes of the arguments that obs.js of memory-card 1.1.2 passes on.
  const std::string packed =
      "{\"Body\":\"{\\\"k\\\":\\\"v\\\\n\\\"}\",\"Bucket\":\"cards\",\"Key\":\"dir/bot@1\"}";
  (void)open()->save(packed, "");
  MemoryCard card{"bot", open()};
  ASSERT_TRUE(card.load().found);
  EXPECT_EQ(card.get("k"), "v\n");
  card.set("more", 1);
  card.save();
  EXPECT_EQ(open()->load()->text, "{\"k\":\"v\\n\",\"more\":1}");
  card.destroy();
  // A card that only looks like it stays what it is.
  for (const char* text :
       {R"({"Body":"{}","Bucket":"cards","Key":"another"})", R"({"Body":"{}","Bucket":"cards"})",
        R"({"Body":"{}","Bucket":"cards","Key":"dir/bot@1","more":1})"}) {
    const auto stored = open();
    (void)stored->save(text, "");
    EXPECT_EQ(stored->load()->text, text);
    stored->destroy();
  }
}

TEST_F(S3Test, SignsEveryKeyAsItIsSent) {
  for (const char* key : {"bot", "dir/bot@1", "a+b c", "'()!*=&;:,$~", "漢字", "x//y", "x/../y",
                          "a%2Fb", "q?x=1#y", "\"<>\\^`{|}"}) {
    S3Storage storage{key, options_};
    const auto version = storage.save("{}", "");
    EXPECT_EQ(storage.load()->version, version) << key;
    storage.destroy();
  }
  EXPECT_EQ(control("keys").body, "[]");
}

TEST_F(S3Test, HostStyleFindsTheSameObject) {
  (void)open()->save("{}", "");
  options_.path_style = false;
  // *.localhost resolves to the loopback address (RFC 6761); libcurl does it without a resolver.
  options_.endpoint = "http://localhost:" + address_.substr(address_.find(':') + 1);
  EXPECT_EQ(open()->load()->text, "{}");
}

TEST_F(S3Test, ARefusalIsAnErrorAndNotAnEmptyCard) {
  (void)open()->save("{}", "");
  options_.secret_access_key = "hunter2";
  for (const auto& call : std::vector<std::function<void()>>{[&] { (void)open()->load(); },
                                                             [&] { (void)open()->save("{}", ""); },
                                                             [&] { open()->destroy(); }}) {
    try {
      call();
      ADD_FAILURE();
    } catch (const StorageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("403"));
      EXPECT_THAT(error.what(), HasSubstr("AWS_SECRET_ACCESS_KEY"));
      EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
  }
  options_.access_key_id = "";  // anonymous
  EXPECT_THROW((void)open()->load(), StorageError);
}

TEST_F(S3Test, AMissingBucketIsAnErrorAndNotAnEmptyCard) {
  options_.bucket = "other";
  try {
    (void)open()->load();
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("NoSuchBucket"));
  }
}

TEST_F(S3Test, TriesAgainWhenTheServerAsksToSlowDown) {
  impatient();
  (void)control("fail?count=1");
  EXPECT_FALSE(open()->save("{}", "").empty());
  (void)control("fail?count=2");
  try {
    (void)open()->load();
    ADD_FAILURE();
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("SlowDown"));
  }
  EXPECT_EQ(open()->load()->text, "{}");
}

TEST_F(S3Test, AServerThatStandsStillIsATimeOutAndItsLateWriteNoConflict) {
  impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  card.save();
  server_->freeze();
  card.set("k", 2);
  EXPECT_THROW(card.save(), StorageError);
  server_->thaw();
  card.set("k", 3);
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":3})");
}

TEST_F(S3Test, AServerThatIsAwayDoesNotLoseTheSession) {
  impatient();
  MemoryCard card{"bot", open()};
  card.load();
  card.set("k", 1);
  server_->stop();
  EXPECT_THROW(card.save(), StorageError);
  server_->start();
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":1})");
}

TEST_F(S3Test, DestroyLeavesNothingOfTheSession) {
  MemoryCard card{"bot", open()};
  card.load();
  card.set("token", "hunter2");
  card.save();
  card.destroy();
  EXPECT_EQ(control("keys").body, "[]");
}

TEST(S3Url, GivesTheOptions) {
  ::setenv("AWS_ACCESS_KEY_ID", "id", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "hunter2", 1);
  ::setenv("AWS_REGION", "r1", 1);
  const auto plain = S3Options::from_url(StorageUrl::parse("s3://b/k"));
  const auto full = S3Options::from_url(
      StorageUrl::parse("s3://b/k?endpoint=http://h:1/&region=r2&conditions=headers&timeout=9"));
  ::unsetenv("AWS_ACCESS_KEY_ID");
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
  ::unsetenv("AWS_REGION");
  EXPECT_EQ(plain.bucket, "b");
  EXPECT_EQ(plain.access_key_id, "id");
  EXPECT_EQ(plain.secret_access_key, "hunter2");
  EXPECT_EQ(plain.region, "r1");
  EXPECT_FALSE(plain.path_style);
  EXPECT_EQ(full.endpoint, "http://h:1");
  EXPECT_EQ(full.region, "r2");
  EXPECT_TRUE(full.path_style);
  EXPECT_EQ(full.conditions, S3Conditions::headers);
  EXPECT_EQ(full.remote.request_timeout, 9ms);
}

TEST(S3Url, RefusesWhatItDoesNotKnow) {
  for (const char* url : {"s3://b/k?style=x", "s3://b/k?conditions=x", "s3://b/k?secret=x"}) {
    EXPECT_THROW((void)S3Options::from_url(StorageUrl::parse(url)), puppet::InvalidArgumentError);
  }
  EXPECT_THROW((S3Storage{"k", {}}), puppet::InvalidArgumentError);
  EXPECT_THROW((S3Storage{"", {.bucket = "b"}}), puppet::InvalidArgumentError);
  for (const char* endpoint : {"h", "ftp://h", "https://", "https://id:hunter2@h", "https://h/b"}) {
    try {
      (void)S3Storage{"k", {.bucket = "b", .endpoint = endpoint}};
      ADD_FAILURE() << endpoint;
    } catch (const puppet::InvalidArgumentError& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("hunter2")));
    }
  }
}

}  // namespace
}  // namespace wechaty::puppet_storage
