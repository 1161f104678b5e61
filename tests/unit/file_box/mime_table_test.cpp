// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "puppet/file_box/mime_table.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet {
namespace {

using Json = nlohmann::json;

Json read(const char* name) {
  return Json::parse(
      std::ifstream{std::string{WECHATY_PUPPET_SOURCE_DIR "/tests/data/mime/"} + name});
}

Json json_of(std::optional<std::string_view> answer) {
  return answer ? Json(std::string{*answer}) : Json();
}

/// Every answer of npm is ours, but for the exceptions, each of which says why and is needed.
template <class Ask>
void compare(const char* part, const Json& questions, Ask ask) {
  const Json exceptions = read("exceptions.json").at(part);
  std::set<std::string> used;
  for (const auto& [question, theirs] : questions.items()) {
    const Json ours = json_of(ask(question));
    if (ours == theirs) continue;
    used.insert(question);
    ASSERT_TRUE(exceptions.contains(question))
        << part << ' ' << question << ": " << ours << ", npm says " << theirs;
    EXPECT_EQ(ours, exceptions[question][0]) << question;
    EXPECT_EQ(exceptions[question].size(), 2U) << question << ": why?";
  }
  for (const auto& exception : exceptions.items()) {
    EXPECT_TRUE(used.contains(exception.key())) << exception.key() << " is no exception any more";
  }
}

Json pairs(const Json& probes) {
  Json result = Json::object();
  for (const auto& probe : probes) result[probe[0].get<std::string>()] = probe[1];
  return result;
}

TEST(MimeTable, EveryExtensionHasTheTypeThatNpmAnswers) {
  const Json all = read("npm_mime_3.0.0.json").at("byExtension");
  EXPECT_EQ(all.size(), 1'173U);
  compare("byExtension", all,
          [](const std::string& extension) { return type_of_name("a." + extension); });
}

TEST(MimeTable, EveryTypeHasTheExtensionThatNpmAnswers) {
  const Json all = read("npm_mime_3.0.0.json").at("byType");
  EXPECT_EQ(all.size(), 956U);
  compare("byType", all, [](const std::string& type) { return extension_of_type(type); });
}

TEST(MimeTable, QuestionsAreUnderstoodAsNpmDoes) {
  const Json all = read("npm_mime_3.0.0.json");
  compare("nameProbes", pairs(all.at("nameProbes")),
          [](const std::string& name) { return type_of_name(name); });
  compare("typeProbes", pairs(all.at("typeProbes")),
          [](const std::string& type) { return extension_of_type(type); });
}

TEST(MimeTable, EachExtensionLeadsToATypeThatLeadsBackToIt) {
  for (const auto& [extension, type] : mime_extensions) {
    const auto usual = extension_of_type(type);
    ASSERT_TRUE(usual) << type;
    EXPECT_EQ(type_of_name("x." + std::string{*usual}), type) << extension;
  }
}

TEST(MimeTable, EachTypeLeadsToAnExtensionThatLeadsToOneType) {
  for (const auto& [type, extension] : mime_types) {
    EXPECT_TRUE(type_of_name("x." + std::string{extension})) << type;
  }
}

TEST(MimeTable, CapitalsParametersAndOtherNamesAreUnderstood) {
  const std::vector<std::pair<std::string, std::string>> names{
      {"Image/JPG ; charset=x", "jpg"},
      {"\tIMAGE/PNG\r\n", "png"},
      {"image/pjpeg", "jpg"},
      {"audio/x-wav", "wav"},
      {"audio/vnd.wave", "wav"},
      {"audio/mp3", "mp3"},
      {"audio/flac", "flac"},
      {"audio/aac", "aac"},
      {"audio/x-m4a", "m4a"},
      {"audio/opus", "opus"},
      {"audio/x-silk", "sil"},
      {"text/xml; charset=utf-8", "xml"},
      {"text/json", "json"},
      {"text/javascript", "js"},
      {"text/vcard", "vcf"},
      {"application/x-zip-compressed", "zip"},
      {"application/x-rar-compressed", "rar"},
      {"application/x-gzip", "gz"},
      {"application/x-msexcel", "xls"},
      {"image/x-ms-bmp", "bmp"},
      {"image/x-icon", "ico"},
      {"video/avi", "avi"},
      {"text/html,text/html", "html"},
  };
  for (const auto& [type, extension] : names) EXPECT_EQ(extension_of_type(type), extension) << type;
  for (const char* type : {"", " ", ";", "no/such", "foo", "image/", "/png", "*/*"}) {
    EXPECT_EQ(extension_of_type(type), std::nullopt) << type;
  }
  EXPECT_EQ(extension_of_type(std::string(100'000, 'x')), std::nullopt);
  EXPECT_EQ(type_of_name("a.b.HTML"), "text/html");
  EXPECT_EQ(type_of_name("a." + std::string(100'000, 'x')), std::nullopt);
}

}  // namespace
}  // namespace wechaty::puppet
