// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/url_text.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace wechaty::puppet {
namespace {

TEST(ContentDisposition, TheNameIsFound) {
  const std::vector<std::pair<std::string, std::string>> cases{
      // RFC 6266, section 5
      {R"(Attachment; filename=example.html)", "example.html"},
      {R"(INLINE; FILENAME= "an example.html")", "an example.html"},
      {R"(attachment; filename*= UTF-8''%e2%82%ac%20rates)", "€ rates"},
      {R"(attachment; filename="EURO rates"; filename*=utf-8''%e2%82%ac%20rates)", "€ rates"},
      {R"(attachment; filename*=utf-8''%e2%82%ac%20rates; filename="EURO rates")", "€ rates"},
      // RFC 8187, section 3.2.3
      {R"(attachment; filename*=iso-8859-1'en'%A3%20rates)", "£ rates"},
      {R"(attachment; filename*=UTF-8'de'%c2%a3)", "£"},
      // quoting
      {R"(attachment; filename="a \"quoted\" name.txt")", "a \"quoted\" name.txt"},
      {R"(attachment; filename="semi;colon=x.txt"; size=5)", "semi;colon=x.txt"},
      {R"(attachment ; filename = "blanks.txt" ; x=y)", "blanks.txt"},
      // an extended value that cannot be falls back to the plain one
      {R"(attachment; filename*=UTF-8''%ff%fe; filename=plain.txt)", "plain.txt"},
      {R"(attachment; filename*=KOI8-R''%C6; filename=plain.txt)", "plain.txt"},
      {R"(attachment; filename*=nonsense; filename=plain.txt)", "plain.txt"},
      // what servers send
      {R"(attachment; filename=two words.txt)", "two words.txt"},
      {R"(attachment; filename="漢字.txt")", "漢字.txt"},
      {"attachment; filename=\"\xE9t\xE9.txt\"", "été.txt"},
      {R"(attachment; filename="unclosed.txt)", "unclosed.txt"},
      {R"(attachment; filename="one.txt"; filename="two.txt")", "one.txt"},
      {R"(filename="no type.txt")", "no type.txt"},
      {R"(attachment;;; filename="x";)", "x"},
      {R"(attachment; filename="%41.txt")", "%41.txt"},
      {R"(attachment; xfilename=no; filename=yes)", "yes"},
  };
  for (const auto& [header, name] : cases) {
    EXPECT_EQ(name_in_content_disposition(header), name) << header;
  }
  for (const std::string header : {"", ";", "attachment", "attachment; filename", "=", "\"",
                                   "attachment; filename=", "attachment; filename=\"\"",
                                   "attachment; filename*=UTF-8''", "attachment; filename*=''"}) {
    EXPECT_EQ(name_in_content_disposition(header), std::nullopt) << header;
  }
}

TEST(UrlText, SecretsAreNotShown) {
  EXPECT_EQ(url_without_secrets("https://user:pass@host:8443/a/b.png?token=t#f"),
            "https://host:8443/a/b.png");
  EXPECT_EQ(url_without_secrets("https://a@b@host/x@y"), "https://host/x@y");
  EXPECT_EQ(url_without_secrets("https://user:pass@host?q"), "https://host");
  EXPECT_EQ(url_without_secrets("http://host/\r\nx"), "http://host/__x");
  EXPECT_EQ(url_without_secrets("http://host/" + std::string(500, 'x')).size(), 200U);
}

TEST(UrlText, TheNameIsTheLastPartOfThePath) {
  EXPECT_EQ(name_in_url("http://x.y/a/b.png?c/d.gif#e/f"), "b.png");
  EXPECT_EQ(name_in_url("http://x.y/a%20b"), "a%20b");
  EXPECT_EQ(name_in_url("http://x.y/a/"), "");
  EXPECT_EQ(name_in_url("http://x.y"), "");
}

TEST(UrlText, PercentDecodingLeavesWhatIsNoEscape) {
  EXPECT_EQ(percent_decoded("a%20b%2"), "a b%2");
  EXPECT_EQ(percent_decoded("%zz%4a%4A%"), "%zzJJ%");
}

}  // namespace
}  // namespace wechaty::puppet
