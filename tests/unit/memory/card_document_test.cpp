// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/card_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "puppet/memory/card_entries.hpp"
#include "puppet/memory/content_hash.hpp"

namespace wechaty::puppet::memory {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What a card makes of a document that it loads and saves.
std::string saved_again(std::string_view text) {
  CardEntries entries;
  read_object(text, [&](std::string&& key, std::string&& value) {
    entries.set(std::move(key), std::move(value));
  });
  return entries.to_text();
}

std::string fault_of(std::string_view text) {
  try {
    (void)saved_again(text);
  } catch (const JsonSyntaxError& error) {
    return error.what();
  }
  return "no fault";
}

TEST(CardDocument, NpmDocumentsComeBackByteForByte) {
  for (const char* text : {
           "{}",
           R"({"b":{"x":[1]},"\rpuppet\nk":"v"})",
           R"({"1":1,"20":2,"z":{"z":1,"a":{"3":[],"b":{},"a":null}},"y":[[],{},[{"k":true}]]})",
           R"({"escapes":"\"\\\b\f\n\r\t\u0000\u001f/","utf8":"\u2028 é 漢 😀"})",
           R"({"n":[0,-1,1.5,1e+21,1e-7,0.000001,123456789012345680000,5e-324,-2.5e-9]})",
           R"({"":""})",
       }) {
    // u2028 is written raw by both; put it in raw.
    std::string document{text};
    if (const auto at = document.find("\\u2028"); at != std::string::npos) {
      document.replace(at, 6, "\xe2\x80\xa8");
    }
    EXPECT_EQ(saved_again(document), document);
  }
}

TEST(CardDocument, IsBroughtIntoTheFormOfJavaScript) {
  EXPECT_EQ(saved_again(" { \"a\" : [ 1.0 , 2 ] ,\n\"0\" : -0.0 } "), R"({"0":0,"a":[1,2]})");
  EXPECT_EQ(saved_again(R"({"a":{"b":1,"10":2,"9":3,"01":4}})"),
            R"({"a":{"9":3,"10":2,"b":1,"01":4}})");
  EXPECT_EQ(saved_again(R"({"a":"\u00e9\/\ud83d\ude00"})"), R"({"a":"é/😀"})");
  EXPECT_EQ(saved_again("\xef\xbb\xbf{}"), "{}");  // a byte order mark
}

TEST(CardDocument, PrintsNumbersAsJavaScriptDoes) {
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(100), "100");
  EXPECT_EQ(number_text(1e20), "100000000000000000000");
  EXPECT_EQ(number_text(1e21), "1e+21");
  EXPECT_EQ(number_text(1.25e21), "1.25e+21");
  EXPECT_EQ(number_text(123456.789), "123456.789");
  EXPECT_EQ(number_text(0.000001), "0.000001");
  EXPECT_EQ(number_text(1.5e-7), "1.5e-7");
  EXPECT_EQ(number_text(-1e-100), "-1e-100");
  EXPECT_EQ(number_text(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
  EXPECT_EQ(number_text(5e-324), "5e-324");
}

TEST(CardDocument, KeepsWholeNumbersThatJavaScriptWouldRound) {
  EXPECT_EQ(saved_again(R"({"id":9007199254740993})"), R"({"id":9007199254740993})");
}

TEST(CardDocument, UnpairedSurrogatesOfACutJavaScriptTextAreReplaced) {
  EXPECT_EQ(saved_again(R"({"a":"x\ud83d"})"), "{\"a\":\"x\xef\xbf\xbd\"}");
  EXPECT_EQ(saved_again(R"({"a":"\uDE00\ud83d\ud83d\ude00"})"),
            "{\"a\":\"\xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80\"}");
  EXPECT_EQ(saved_again(R"({"a":"\\ud83d"})"), R"({"a":"\\ud83d"})");  // no escape at all
}

TEST(CardDocument, RefusesEverythingButOneObject) {
  for (const char* text : {"", " ", "null", "[]", "[{}]", "\"text\"", "1", "true", "{", "{}}",
                           "{} {}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{'a':1}", "{\"a\":1e999}",
                           "{\"a\":NaN}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}"}) {
    EXPECT_NE(fault_of(text), "no fault") << text;
  }
  EXPECT_EQ(fault_of("null"), "not a JSON object");
  EXPECT_EQ(fault_of("[1]"), "not a JSON object");
}

TEST(CardDocument, RefusesAKeyThatComesTwiceInOneObject) {
  EXPECT_THAT(fault_of(R"({"a":1,"a":2})"), HasSubstr("twice"));
  EXPECT_THAT(fault_of(R"({"x":[{"a":1,"a":2}]})"), HasSubstr("twice"));
  EXPECT_EQ(saved_again(R"({"a":{"a":1},"b":{"a":1}})"), R"({"a":{"a":1},"b":{"a":1}})");
}

TEST(CardDocument, RefusesMoreThan500LevelsWithoutUsingUpTheStack) {
  const auto nested = [](std::size_t levels) {
    return "{\"k\":" + std::string(levels - 1, '[') + std::string(levels - 1, ']') + "}";
  };
  EXPECT_EQ(fault_of(nested(500)), "no fault");
  EXPECT_THAT(fault_of(nested(501)), HasSubstr("500 levels"));
  EXPECT_THAT(fault_of(nested(1'000'000)), HasSubstr("500 levels"));
}

TEST(CardDocument, SaysWhereItIsBrokenWithoutQuotingIt) {
  const auto fault = fault_of(R"({"token":"hunter2","next":hunter3})");
  EXPECT_THAT(fault, HasSubstr("byte 27"));
  EXPECT_THAT(fault, Not(HasSubstr("hunter")));
}

TEST(ContentHash, IsThatOfMurmurHash3) {
  EXPECT_EQ(content_hash(""), "00000000000000000000000000000000");
  EXPECT_EQ(content_hash("hello"), "cbd8a7b341bd9b025b1e906a48ae1d19");
  EXPECT_EQ(content_hash("The quick brown fox jumps over the lazy dog"),
            "e34bbc7bbc071b6c7a433ca9c49a9347");
  EXPECT_NE(content_hash(std::string(16, '\0')), content_hash(std::string(15, '\0')));
}

}  // namespace
}  // namespace wechaty::puppet::memory
