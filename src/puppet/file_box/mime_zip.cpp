// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "puppet/file_box/mime_archives.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

using namespace std::string_view_literals;

namespace wechaty::puppet {

namespace {

constexpr std::string_view zip = "application/zip";
constexpr std::string_view java_archive = "application/java-archive";  // or what is made of one
constexpr std::size_t most_of_directory = 65'536;                      // bytes that are looked at

/// What the names of the entries have shown so far.
class Evidence {
 public:
  void add(std::string_view given) {
    std::string name{given};
    std::replace(name.begin(), name.end(), '\\', '/');  // some writers do
    const auto in = [&](std::string_view folder) { return name.starts_with(folder); };
    office_ |= name == "[Content_Types].xml" || in("_rels/") || in("docProps/");
    if (part_.empty()) {
      for (const Part& part : parts) {
        if (in(part.folder)) part_ = part.folder;
      }
    }
    macros_ |= name.ends_with("/vbaProject.bin");
    for (std::size_t i = 0; i < marks.size(); ++i) {
      if (name == marks.at(i).name) mark_ = std::max(mark_, i + 1);
    }
    keyhole_ |= name.ends_with(".kml") && name.find('/') == std::string::npos;
  }

  /// The type that an archive of documents says it has, in an entry that is not the first.
  void says(std::string_view type) {
    if (type.starts_with("application/vnd.oasis.opendocument.") || type == "application/epub+zip") {
      said_ = type;
    }
  }

  /// @result empty where nothing special was seen
  [[nodiscard]] std::string_view type() const {
    if (!said_.empty()) return said_;
    for (const Part& part : parts) {
      if (office_ && part.folder == part_) return macros_ ? part.type_with_macros : part.type;
    }
    if (mark_ > 1) return marks.at(mark_ - 1).type;
    if (keyhole_) return "application/vnd.google-earth.kmz";
    return mark_ == 1 ? marks.front().type : ""sv;
  }

 private:
  struct Part {
    std::string_view folder;
    std::string_view type;
    std::string_view type_with_macros;
  };
  static constexpr auto parts = std::to_array<Part>({
      {"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
       "application/vnd.ms-word.document.macroenabled.12"},
      {"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
       "application/vnd.ms-excel.sheet.macroenabled.12"},
      {"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation",
       "application/vnd.ms-powerpoint.presentation.macroenabled.12"},
      {"visio/", "application/vnd.visio", "application/vnd.visio"},
      {"3D/", "model/3mf", "model/3mf"},
  });
  /// Entries that tell the type; of several the later in this list. A Java archive comes first,
  /// since an Android package is one too.
  struct Mark {
    std::string_view name;
    std::string_view type;
  };
  static constexpr auto marks = std::to_array<Mark>({
      {"META-INF/MANIFEST.MF", java_archive},
      {"META-INF/container.xml", "application/epub+zip"},
      {"FixedDocSeq.fdseq", "application/vnd.ms-xpsdocument"},
      {"FixedDocumentSequence.fdseq", "application/vnd.ms-xpsdocument"},
      {"OFD.xml", "application/vnd.ofd"},
      {"AndroidManifest.xml", "application/vnd.android.package-archive"},
      {"classes.jar", "application/zip"},  // an Android library, which has no type
  });

  bool office_ = false;
  bool macros_ = false;
  bool keyhole_ = false;
  std::string_view part_;
  std::string said_;
  std::size_t mark_ = 0;  // 1: the first of the list
};

/// The type that ODF, EPUB and others write into an entry, the first as a rule, not compressed.
/// @param text  from the header of the entry on
std::string_view type_in_entry(std::string_view text) {
  constexpr std::size_t header = 30;
  if (text.size() < header + 8 || little_endian(text, 8, 2) != 0) return {};
  if (little_endian(text, 26, 2) != 8 || text.substr(header, 8) != "mimetype") return {};
  const std::size_t begin = header + 8 + little_endian(text, 28, 2);
  if (begin >= text.size()) return {};
  std::string_view type = text.substr(begin, little_endian(text, 18, 4));
  if (little_endian(text, 18, 4) == 0) {  // its length comes behind it
    type = text.substr(begin, 128);
    type = type.substr(0, std::min(type.find("PK"), type.size()));
  }
  while (!type.empty() && (type.back() == '\n' || type.back() == '\r')) type.remove_suffix(1);
  return extension_of_type(type) && type != zip ? type : std::string_view{};
}

/// Entries from the directory at the end. @result false where it is not at hand
bool read_directory(const ContentView& content, Evidence& evidence) {
  constexpr std::size_t end_record = 22;
  if (!content.size || *content.size < end_record) return false;
  // A comment may follow the record; 64 KiB at most, some hundred bytes in practice.
  const std::size_t tail_size =
      static_cast<std::size_t>(std::min<std::uint64_t>(*content.size, 4'096));
  const std::string tail = content.at(*content.size - tail_size, tail_size);
  if (tail.size() != tail_size) return false;
  const std::size_t at = tail.rfind("PK\5\6");
  if (at == std::string::npos || at + end_record > tail.size()) return false;
  const std::uint64_t record = *content.size - tail_size + at;
  const std::uint64_t length = little_endian(tail, at + 12, 4);
  if (length > record) return false;
  // Not where it says, but right before the record: something may stand before the archive.
  const std::string directory =
      content.at(record - length,
                 static_cast<std::size_t>(std::min<std::uint64_t>(length, most_of_directory)));
  const std::string_view text = directory;
  const std::uint64_t says_to_be_at = little_endian(tail, at + 16, 4);
  const std::uint64_t before_archive =
      record - length >= says_to_be_at ? record - length - says_to_be_at : 0;
  constexpr std::size_t header = 46;
  bool seen = false;
  for (std::size_t place = 0; place + header <= text.size() && text.substr(place, 4) == "PK\1\2"sv;
       seen = true) {
    const std::size_t name = little_endian(text, place + 28, 2);
    evidence.add(text.substr(place + header, name));
    if (text.substr(place + header, name) == "mimetype") {
      const std::uint64_t entry = little_endian(text, place + 42, 4) + before_archive;
      evidence.says(type_in_entry(content.at(entry, 512)));
    }
    place +=
        header + name + little_endian(text, place + 30, 2) + little_endian(text, place + 32, 2);
  }
  return seen || length == 0;
}

/// Entries whose headers are in the beginning.
void read_entries(std::string_view text, Evidence& evidence) {
  constexpr std::size_t header = 30;
  std::size_t place = 0;
  while (place + header <= text.size() && text.substr(place, 4) == "PK\3\4"sv) {
    const std::size_t name = little_endian(text, place + 26, 2);
    evidence.add(text.substr(place + header, name));
    evidence.says(type_in_entry(text.substr(place)));
    const std::size_t data = place + header + name + little_endian(text, place + 28, 2);
    const std::uint64_t length = little_endian(text, place + 18, 4);
    const bool length_comes_later = (little_endian(text, place + 6, 2) & 8U) != 0 && length == 0;
    if (length_comes_later) {
      // Compressed bytes do not look like a header; an archive within this one might.
      if (little_endian(text, place + 8, 2) == 0 || data >= text.size()) return;
      place = text.find("PK\3\4"sv, data);
      if (place == std::string_view::npos) return;
    } else {
      if (data + length >= text.size()) return;
      place = static_cast<std::size_t>(data + length);
    }
  }
}

}  // namespace

std::optional<DetectedType> zip_type(const ContentView& content) {
  const std::string_view text = content.beginning;
  if (text.starts_with("PK\5\6"sv)) {
    return DetectedType{.type = std::string{zip}, .kind = ContentKind::container};
  }
  if (!text.starts_with("PK\3\4"sv) && !text.starts_with("PK\7\x08"sv)) return std::nullopt;
  if (const std::string_view type = type_in_entry(text); !type.empty()) {
    return DetectedType{.type = std::string{type}, .kind = ContentKind::specific};
  }
  Evidence evidence;
  const bool complete = read_directory(content, evidence);
  if (!complete) read_entries(text, evidence);
  const std::string_view type = evidence.type();
  const bool undecided = !complete && !content.is_whole() && (type.empty() || type == java_archive);
  if (type.empty() || type == zip) {
    return DetectedType{
        .type = std::string{zip}, .kind = ContentKind::container, .undecided = undecided};
  }
  return DetectedType{
      .type = std::string{type}, .kind = ContentKind::specific, .undecided = undecided};
}

}  // namespace wechaty::puppet
