// SPDX-License-Identifier: Apache-2.0
// What it costs to name a file, beside the least that could do it: one look-up in a hash table for
// a name, one call of libmagic for a content. Both alternate in one run; medians of nine, in CPU
// time.
#include <magic.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "unit/file_box/contents.hpp"
#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace {

using namespace wechaty::puppet;
using namespace wechaty::puppet::test;
using Work = std::function<std::size_t()>;

std::size_t sink = 0;  // what was computed, so that it has to be

double nanoseconds(const Work& work, int times) {
  const auto now = [] {  // of this program's processor, whatever else runs
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
  };
  const double begin = now();
  for (int i = 0; i < times; ++i) sink += work();
  return (now() - begin) / times;
}

void compare(const char* what, const Work& ours, const char* baseline, const Work& theirs,
             int times) {
  std::vector<double> a;
  std::vector<double> b;
  for (int round = 0; round < 9; ++round) {
    a.push_back(nanoseconds(ours, times));
    b.push_back(nanoseconds(theirs, times));
  }
  std::nth_element(a.begin(), a.begin() + 4, a.end());
  std::nth_element(b.begin(), b.begin() + 4, b.end());
  std::printf("%-44s %10.0f ns   %-20s %10.0f ns   ratio %6.2f\n", what, a[4], baseline, b[4],
              a[4] / b[4]);
}

/// What a simple program would have: an extension in lower case, and a table.
class HashTable {
 public:
  HashTable() {
    for (const char* extension : {"png", "jpg", "gif", "txt", "csv", "docx", "mp4", "mp3", "pdf"}) {
      types_[extension] = *type_of_name("." + std::string{extension});
    }
  }
  [[nodiscard]] std::size_t find(std::string_view name) const {
    std::string extension{name.substr(name.rfind('.') + 1)};
    for (char& c : extension) c = static_cast<char>(std::tolower(c));
    return types_.find(extension)->second.size();
  }

 private:
  std::unordered_map<std::string, std::string> types_;
};

}  // namespace

int main() {
  const HashTable table;
  const std::string photo = "IMG_20261125_093000.JPG";
  const FileBox remote = FileBox::from_url("https://example.com/" + photo);
  const FileBox named = conventional(remote);
  const Work hash = [&] { return table.find(photo); };
  compare(
      "type_of_name", [&] { return type_of_name(photo)->size(); }, "hash look-up", hash, 200'000);
  compare(
      "extension_of_type", [] { return extension_of_type("image/jpeg; q=1")->size(); },
      "hash look-up", hash, 200'000);
  compare(
      "name check, extension known", [&] { return conventional(remote).name().size(); },
      "hash look-up", hash, 100'000);
  compare(
      "name check, named before", [&] { return conventional(named).name().size(); }, "hash look-up",
      hash, 200'000);
  compare(
      "safe_base_name of a usual name", [&] { return safe_base_name(photo).size(); },
      "hash look-up", hash, 200'000);
  compare(
      "safe_base_name of 64 KB of tricks",
      [tricks = repeat("..%2f\xE2\x80\xAE", 8'192)] { return safe_base_name(tricks).size(); },
      "hash look-up", hash, 100);

  const magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
  if (magic == nullptr || magic_load(magic, nullptr) != 0) return 1;
  struct Content {
    const char* what;
    const char* name;
    std::string bytes;
    int times;
  };
  const std::string docx = zip_of({{"_rels/.rels", noise(300)},
                                   {"word/document.xml", noise(50'000)},
                                   {"[Content_Types].xml", noise(500)}});
  const std::string text = repeat("The quick brown fox jumps over the lazy dog.\n", 200);
  for (const Content& content : std::vector<Content>{
           {"PNG called .png", "a.png", "\x89PNG\r\n\x1a\n" + noise(50'000), 2'000},
           {"PNG without extension", "a", "\x89PNG\r\n\x1a\n" + noise(50'000), 2'000},
           {"PNG called .mp3", "a.mp3", "\x89PNG\r\n\x1a\n" + noise(50'000), 2'000},
           {"MP4 without extension", "a", iso_media_of("isom") + noise(50'000), 1'000},
           {"MP3 without extension", "a", mp3_frames(100), 500},
           {"WeChat voice without extension", "a", "\2#!SILK_V3" + noise(5'000), 1'000},
           {"DOCX without extension", "a", docx, 1'000},
           {"text called .md", "a.md", text, 200},
           {"text without extension", "a", text, 100},
           {"CSV without extension", "a", repeat("1,\"some text\",2\n", 400), 500},
           {"random bytes without extension", "a", noise(50'000), 500},
       }) {
    const FileBox box = FileBox::from_buffer(content.bytes, content.name);
    compare(
        content.what, [&] { return conventional(box).name().size(); }, "libmagic, 4 KiB",
        [&] {
          const char* const type = magic_buffer(magic, content.bytes.data(),
                                                std::min<std::size_t>(content.bytes.size(), 4'096));
          return std::char_traits<char>::length(type);
        },
        content.times);
  }
  magic_close(magic);
  return sink == 0;
}
