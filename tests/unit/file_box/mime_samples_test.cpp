// SPDX-License-Identifier: Apache-2.0
// Files of real programs: tests/data/mime/samples, and what they are in samples.json.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "wechaty/puppet/file_box/mime.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet {
namespace {

const std::string folder = WECHATY_PUPPET_SOURCE_DIR "/tests/data/mime/";

struct Sample {
  std::string name;
  std::string content;
  std::vector<std::string> types;
  std::vector<std::string> extensions;
};

std::vector<Sample> samples() {
  const auto facts = nlohmann::json::parse(std::ifstream{folder + "samples.json"});
  std::vector<Sample> result;
  for (const auto& [name, fact] : facts.items()) {
    if (name.starts_with('_')) continue;
    std::ifstream file{folder + "samples/" + name, std::ios::binary};
    Sample sample{.name = name,
                  .content = {std::istreambuf_iterator<char>{file}, {}},
                  .types = fact["alsoAccept"],
                  .extensions = fact["extensions"]};
    sample.types.push_back(fact["type"]);
    // Contract R5: nothing claimed means .dat.
    std::replace(sample.extensions.begin(), sample.extensions.end(), std::string{},
                 std::string{"dat"});
    result.push_back(std::move(sample));
  }
  return result;
}

bool has(const std::vector<std::string>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void expect_named(const Sample& sample, const std::string& given) {
  const FileBox box = conventional(FileBox::from_buffer(sample.content, given));
  const std::string extension = box.name().substr(box.name().rfind('.') + 1);
  EXPECT_TRUE(has(sample.extensions, extension))
      << sample.name << " as " << given << " became " << box.name();
  EXPECT_TRUE(has(sample.types, box.media_type()))
      << sample.name << " as " << given << " became " << box.media_type();
  EXPECT_EQ(box.name().substr(0, box.name().rfind('.')), "a") << given;
}

class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string text) : text_{std::move(text)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min({buffer.size(), text_.size() - place_, std::size_t{100}});
    std::copy_n(reinterpret_cast<const std::byte*>(text_.data()) + place_, count, buffer.begin());
    place_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t place_ = 0;
};

TEST(MimeSamples, TheContentTellsTheType) {
  ASSERT_EQ(samples().size(), 34U);
  for (const Sample& sample : samples()) {
    const auto* const bytes = reinterpret_cast<const std::byte*>(sample.content.data());
    const std::string type = type_of_content({bytes, sample.content.size()});
    EXPECT_TRUE(has(sample.types, type)) << sample.name << ": " << type;
  }
}

TEST(MimeSamples, WithoutAnExtensionTheyGetTheRightOne) {
  for (const Sample& sample : samples()) expect_named(sample, "a");
}

TEST(MimeSamples, AWrongExtensionGivesWay) {
  for (const Sample& sample : samples()) {
    for (const char* wrong : {"mp3", "png", "jpg", "pdf", "zip", "docx", "mp4", "gif", "wav", "exe",
                              "gz", "xls", "dat", "heic", "webm", "rar"}) {
      // A Java archive is called a zip rightly, a zip a document, a program .dat.
      const std::string claimed{*type_of_name(std::string{"a."} + wrong)};
      const bool document_over_zip =
          has(sample.types, "application/zip") && claimed.find("office") != claimed.npos;
      if (has(sample.types, claimed) || document_over_zip) continue;
      expect_named(sample, std::string{"a."} + wrong);
    }
  }
}

TEST(MimeSamples, ARightExtensionStays) {
  for (const Sample& sample : samples()) {
    for (const std::string& right : sample.extensions) {
      const auto type = type_of_name("a." + right);
      if (!type || !has(sample.types, *type)) continue;  // an extension of other programs
      const FileBox box = conventional(FileBox::from_buffer(sample.content, "a." + right));
      if (right == "dat" || right == "bin") continue;
      EXPECT_EQ(box.name(), "a." + right) << sample.name;
    }
  }
}

TEST(MimeSamples, AStreamAndAFileAreNamedAsABuffer) {
  for (const Sample& sample : samples()) {
    const std::string name = conventional(FileBox::from_buffer(sample.content, "a")).name();
    EXPECT_EQ(conventional(FileBox::from_stream(std::make_unique<TextSource>(sample.content), "a"))
                  .name(),
              name);
    EXPECT_EQ(conventional(FileBox::from_file(folder + "samples/" + sample.name, "a")).name(),
              name);
  }
}

}  // namespace
}  // namespace wechaty::puppet
