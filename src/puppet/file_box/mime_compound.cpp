// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "puppet/file_box/mime_archives.hpp"

using namespace std::string_view_literals;

namespace wechaty::puppet {

namespace {

struct StreamType {
  std::string_view stream;
  std::string_view type;
};

constexpr auto streams = std::to_array<StreamType>({
    {"WordDocument", "application/msword"},
    {"Workbook", "application/vnd.ms-excel"},
    {"Book", "application/vnd.ms-excel"},
    {"PowerPoint Document", "application/vnd.ms-powerpoint"},
    {"VisioDocument", "application/vnd.visio"},
    {"Quill", "application/x-mspublisher"},
    {"__properties_version1.0", "application/vnd.ms-outlook"},
});

/// The name of a directory entry, which is UTF-16; other than ASCII is of no interest.
std::string name_of(std::string_view entry) {
  std::string name;
  const std::size_t bytes = little_endian(entry, 64, 2);
  for (std::size_t at = 0; at + 2 < bytes && at < 64; at += 2) {
    name += entry[at + 1] == '\0' ? entry[at] : '?';
  }
  return name;
}

}  // namespace

std::optional<DetectedType> compound_file_type(const ContentView& content) {
  const std::string_view header = content.beginning;
  if (!header.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv) || header.size() < 512) {
    return std::nullopt;
  }
  DetectedType result{
      .type = "application/x-ole-storage", .kind = ContentKind::container, .undecided = true};
  const std::uint32_t shift = little_endian(header, 30, 2);
  if (shift != 9 && shift != 12) return result;
  const std::size_t sector_size = std::size_t{1} << shift;
  const auto place_of = [&](std::uint32_t sector) { return (std::uint64_t{sector} + 1) << shift; };

  // The directory is a chain of sectors. What tells the type is among the first streams.
  std::uint32_t sector = little_endian(header, 48, 4);
  constexpr std::uint32_t last_sector = 0xFFFFFFFA;
  for (int step = 0; step < 16 && sector < last_sector; ++step) {
    const std::string directory = content.at(place_of(sector), sector_size);
    if (directory.size() < sector_size) return result;
    for (std::size_t at = 0; at + 128 <= directory.size(); at += 128) {
      const std::string name = name_of(std::string_view{directory}.substr(at, 128));
      for (const StreamType& known : streams) {
        if (name == known.stream) {
          return DetectedType{.type = std::string{known.type}, .kind = ContentKind::specific};
        }
      }
    }
    // The header lists the first 109 sectors of the table of chains.
    const std::size_t entries = sector_size / 4;
    const std::size_t table = sector / entries;
    if (table >= 109) return result;
    const std::string next =
        content.at(place_of(little_endian(header, 76 + table * 4, 4)) + sector % entries * 4, 4);
    if (next.size() < 4) return result;
    sector = little_endian(next, 0, 4);
  }
  result.undecided = false;
  return result;
}

}  // namespace wechaty::puppet
