// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "puppet/file_box/utf8.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {
namespace {

using namespace std::string_literals;

struct Hostile {
  std::string given;
  std::string safe;
};

const std::vector<Hostile>& hostile() {
  static const std::vector<Hostile> names{
      // path parts, with both slashes
      {"../../etc/passwd", "passwd"},
      {"..\\..\\boot.ini", "boot.ini"},
      {"/etc/passwd", "passwd"},
      {"C:\\Windows\\a.dll", "a.dll"},
      {"\\\\server\\share\\a.txt", "a.txt"},
      {"a/b/", "b"},
      {"a.png/..", "file"},
      {"dir\\../a.png", "a.png"},
      {"/", "file"},
      {"\\", "file"},
      {"..", "file"},
      {".", "file"},
      {"...", "file"},
      {"C:", "C_"},
      {"a.txt:stream", "a.txt_stream"},
      // nothing left
      {"", "file"},
      {"   ", "file"},
      {"\xE3\x80\x80", "file"},  // ideographic space
      {"\xE2\x80\x8B", "file"},  // zero width space
      {"\0"s, "file"},
      {". . .", "file"},
      // only an extension
      {".png", "file.png"},
      {"..png", "file..png"},
      {" .png", "file.png"},
      {"/a/.htaccess", "file.htaccess"},
      // NUL and control characters
      {"a\0b.txt"s, "ab.txt"},
      {"a.png\0.exe"s, "a.png.exe"},
      {"a\r\nb.txt", "ab.txt"},
      {"a\tb\x1B[31m.txt", "ab[31m.txt"},
      {"a\x7F.txt", "a.txt"},
      {"a\xC2\x85z.txt", "az.txt"},  // C1
      // direction and what cannot be seen
      {"evil\xE2\x80\xAEgpj.exe", "evilgpj.exe"},    // right-to-left override
      {"a\xE2\x81\xA6x\xE2\x81\xA9.txt", "ax.txt"},  // isolates
      {"a\xD8\x9C.txt", "a.txt"},                    // Arabic letter mark
      {"zero\xE2\x80\x8Bwidth.txt", "zerowidth.txt"},
      {"a\xE2\x80\x8D.txt", "a.txt"},
      {"a\xEF\xBB\xBF.txt", "a.txt"},      // byte order mark
      {"a\xC2\xAD.txt", "a.txt"},          // soft hyphen
      {"a\xE2\x80\xA8z.txt", "az.txt"},    // line separator
      {"a\xF3\xA0\x81\xA1.txt", "a.txt"},  // tag characters
      {"a\xE3\x85\xA4.txt", "a.txt"},      // Hangul filler
      // invalid UTF-8
      {"\xFF\xFE.txt", "__.txt"},
      {"over\xC0\xAFlong.txt", "over__long.txt"},
      {"cut\xE7\x88", "cut__"},
      {"half\xED\xA0\x80.txt", "half___.txt"},  // a surrogate
      {"big\xF4\x90\x80\x80.txt", "big____.txt"},
      {"a\xEF\xBF\xBF.txt", "a.txt"},  // no character
      // names that Windows reserves
      {"CON", "_CON"},
      {"con", "_con"},
      {"nul.txt", "_nul.txt"},
      {"AUX.tar.gz", "_AUX.tar.gz"},
      {"COM1.log", "_COM1.log"},
      {"lpt9", "_lpt9"},
      {"COM\xC2\xB9.txt", "_COM\xC2\xB9.txt"},
      {"PRN .txt", "_PRN .txt"},
      {"CONIN$", "_CONIN$"},
      {"COM10.txt", "COM10.txt"},
      {"CONSOLE.txt", "CONSOLE.txt"},
      {"../con", "_con"},
      // blanks and dots at the ends
      {"trailing. . .", "trailing"},
      {"a.png.", "a.png"},
      {"a.png   ", "a.png"},
      {"a.png\xC2\xA0", "a.png"},
      {"  a.png", "a.png"},
      // patterns, redirections, streams
      {"a:b*c?d\"e<f>g|h.txt", "a_b_c_d_e_f_g_h.txt"},
      // percent-encoded, once and more often
      {"..%2f..%2fetc%2fpasswd", "passwd"},
      {"..%5C..%5Cboot.ini", "boot.ini"},
      {"%2e%2e", "file"},
      {"%252e%252e%252fpasswd", "passwd"},
      {"a%00.png", "a.png"},
      {"a%0d%0aSet-Cookie: x.txt", "aSet-Cookie_ x.txt"},
      {"a%2%00f../b", "b"},
      {"..%c0%af..%c0%afb", "file.._%af.._%afb"},
      {"100%25.txt", "100%25.txt"},
      {"50%.txt", "50%.txt"},
      {"%E7%88%B1.png", "%E7%88%B1.png"},
      {"a%2", "a%2"},
      // harmless, and as it was
      {"a b.txt", "a b.txt"},
      {"\xE7\x85\xA7\xE7\x89\x87.jpg", "\xE7\x85\xA7\xE7\x89\x87.jpg"},
      {"\xF0\x9F\x98\x80\xE2\x9D\xA4\xEF\xB8\x8F.png",
       "\xF0\x9F\x98\x80\xE2\x9D\xA4\xEF\xB8\x8F.png"},
      {"archive.tar.gz", "archive.tar.gz"},
      {"~$a #1 (2) [3] {4} 'x' & y.docx", "~$a #1 (2) [3] {4} 'x' & y.docx"},
      {"UPPER.PNG", "UPPER.PNG"},
  };
  return names;
}

bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    if (take_utf8(text) == bad_utf8) return false;
  }
  return true;
}

void expect_safe(const std::string& name) {
  EXPECT_FALSE(name.empty());
  EXPECT_LE(name.size(), 255U);
  EXPECT_TRUE(is_valid_utf8(name)) << name;
  EXPECT_EQ(name.find_first_of("/\\"s + '\0'), std::string::npos) << name;
  EXPECT_NE(name.front(), '.') << name;
  EXPECT_NE(name.back(), '.') << name;
  EXPECT_NE(name.back(), ' ') << name;
  EXPECT_EQ(safe_base_name(name), name);
}

TEST(SafeName, HostileNamesBecomeSafeBaseNames) {
  for (const auto& [given, safe] : hostile()) {
    EXPECT_EQ(safe_base_name(given), safe) << given;
    expect_safe(safe_base_name(given));
  }
}

TEST(SafeName, AFileBoxHasASafeNameHoweverItIsMade) {
  for (const auto& [given, safe] : hostile()) {
    if (given.empty()) continue;  // stands for the name that this sort of box has by itself
    EXPECT_EQ(FileBox::from_buffer("x", given).name(), safe);
    EXPECT_EQ(FileBox::from_base64("eA==", given).name(), safe);
    EXPECT_EQ(FileBox::from_uuid("880c", {.name = given}).name(), safe);
    EXPECT_EQ(FileBox::from_url("http://x/y", {.name = given}).name(), safe);
    EXPECT_EQ(FileBox::from_buffer("x").with_name(given).name(), safe);
    const std::string name = conventional(FileBox::from_buffer("x", given)).name();
    expect_safe(name);
    EXPECT_TRUE(type_of_name(name)) << name;
  }
}

TEST(SafeName, LongNamesKeepTheirExtension) {
  const std::string plain = safe_base_name(std::string(65'536, 'a') + ".jpg");
  EXPECT_EQ(plain.size(), 255U);
  EXPECT_TRUE(plain.ends_with("a.jpg"));
  std::string wide;
  for (int i = 0; i < 30'000; ++i) wide += "\xE7\x88\xB1";
  const std::string cut = safe_base_name(wide + ".png");
  EXPECT_LE(cut.size(), 255U);
  EXPECT_TRUE(cut.ends_with("\xE7\x88\xB1.png"));
  for (const std::string& name :
       {std::string(65'536, '.'), std::string(65'536, '/') + "a", std::string(65'536, ' '),
        std::string(65'536, '\xFF'), "a." + std::string(65'536, 'x'), wide,
        std::string(254, 'a') + " .x", std::string(250, 'a') + "....png",
        std::string(65'536, '%') + "2f"}) {
    expect_safe(safe_base_name(name));
    const std::string named = conventional(FileBox::from_buffer("text of it", name)).name();
    expect_safe(named);
    EXPECT_TRUE(type_of_name(named)) << named;
  }
  EXPECT_TRUE(
      conventional(FileBox::from_buffer("text", std::string(300, 'b'))).name().ends_with("b.txt"));
}

TEST(SafeName, AnyBytesBecomeASafeNameThatStaysAsItIs) {
  std::mt19937 random{3};
  const std::string_view alphabet{
      "a.%25/\\2fFeE0 \0:\xE2\x80\x8B\xAE\xC2\xA0\xFF"
      "con",
      26};
  for (int round = 0; round < 20'000; ++round) {
    std::string name;
    const std::size_t length = random() % 24;
    for (std::size_t i = 0; i < length; ++i) name += alphabet[random() % alphabet.size()];
    expect_safe(safe_base_name(name));
  }
}

}  // namespace
}  // namespace wechaty::puppet
