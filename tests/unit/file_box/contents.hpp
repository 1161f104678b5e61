// SPDX-License-Identifier: Apache-2.0
// Makes small contents of many types, as real programs would begin them.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet::test {

inline std::string le(std::uint64_t number, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, number >>= 8U) text += static_cast<char>(number & 0xFFU);
  return text;
}

inline std::string be(std::uint64_t number, int bytes) {
  const std::string text = le(number, bytes);
  return {text.rbegin(), text.rend()};
}

inline std::string zeros(std::size_t count) { return std::string(count, '\0'); }

inline std::string noise(std::size_t count, unsigned seed = 7) {
  std::mt19937 random{seed};
  std::string text(count, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

inline std::string repeat(std::string_view text, int times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

struct ZipEntry {
  std::string name;
  std::string data;
};

enum class ZipWriter { plain, streaming };  // a stream learns the sizes behind the data

/// A zip archive with directory. The data counts as compressed, though it is not; nobody unpacks
/// it.
inline std::string zip_of(const std::vector<ZipEntry>& entries, ZipWriter writer = ZipWriter::plain,
                          std::string_view comment = {}) {
  std::string archive;
  std::string directory;
  const bool later = writer == ZipWriter::streaming;
  for (const auto& [name, data] : entries) {
    const std::uint64_t method = name == "mimetype" ? 0 : 8;
    const std::string sizes = le(later ? 0 : data.size(), 4) + le(later ? 0 : data.size(), 4);
    const std::string common =
        le(20, 2) + le(later ? 8 : 0, 2) + le(method, 2) + zeros(4) + zeros(4);
    directory += "PK\1\2" + le(20, 2) + common + le(data.size(), 4) + le(data.size(), 4) +
                 le(name.size(), 2) + zeros(2) + zeros(2) + zeros(2) + zeros(2) + zeros(4) +
                 le(archive.size(), 4) + name;
    archive += "PK\3\4" + common + sizes + le(name.size(), 2) + zeros(2) + name + data;
    if (later) archive += "PK\7\x08" + zeros(4) + le(data.size(), 4) + le(data.size(), 4);
  }
  const std::string end = "PK\5\6" + zeros(4) + le(entries.size(), 2) + le(entries.size(), 2) +
                          le(directory.size(), 4) + le(archive.size(), 4) + le(comment.size(), 2) +
                          std::string{comment};
  return archive + directory + end;
}

/// An OLE compound file with these streams, its directory at sector `directory`.
inline std::string compound_file_of(const std::vector<std::string>& streams,
                                    std::uint32_t directory = 1) {
  constexpr std::size_t sector = 512;
  std::string file(sector * 45, '\0');
  const auto put = [&](std::size_t at, const std::string& bytes) {
    file.replace(at, bytes.size(), bytes);
  };
  put(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  put(24, le(0x3E, 2) + le(3, 2) + le(0xFFFE, 2) + le(9, 2) + le(6, 2));
  put(48, le(directory, 4));
  put(76, le(0, 4) + std::string(108 * 4, '\xFF'));
  put(sector, std::string(sector, '\xFF'));  // the chains: sector 0
  std::vector<std::string> names{"Root Entry"};
  names.insert(names.end(), streams.begin(), streams.end());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::size_t at = sector * (directory + 1 + i / 4) + i % 4 * 128;
    for (std::size_t c = 0; c < names[i].size(); ++c) file[at + 2 * c] = names[i][c];
    put(at + 64, le(2 * names[i].size() + 2, 2));
    put(sector + 4 * (directory + i / 4),
        le(i / 4 == (names.size() - 1) / 4 ? 0xFFFFFFFE : directory + i / 4 + 1, 4));
  }
  return file;
}

/// The beginning of a film, picture or sound of ISO media.
inline std::string iso_media_of(const std::string& brand, const std::string& compatible = {}) {
  return be(16 + compatible.size(), 4) + "ftyp" + brand + zeros(4) + compatible + be(8, 4) +
         "free" + be(200, 4) + "mdat" + zeros(192);
}

/// A tar archive of one file.
inline std::string tar_of(const std::string& name, const std::string& data) {
  const auto octal = [](std::size_t number, std::size_t digits) {
    std::string text;
    for (; digits-- > 0; number /= 8)
      text.insert(text.begin(), static_cast<char>('0' + number % 8));
    return text;
  };
  const auto header = [&](const std::string& sum) {
    std::string text = name + zeros(100 - name.size());
    for (const std::size_t field : {0644, 0, 0}) text += octal(field, 7) + zeros(1);
    text += octal(data.size(), 11) + zeros(1) + octal(0, 11) + zeros(1) + sum + "0" + zeros(100);
    return text +
           std::string(
               "ustar\0"
               "00",
               8) +
           zeros(247);
  };
  std::size_t sum = 0;
  for (const char c : header("        ")) sum += static_cast<unsigned char>(c);
  return header(octal(sum, 6) + std::string("\0 ", 2)) + data + zeros(512 - data.size()) +
         zeros(1'024);
}

inline std::string utf16(std::string_view ascii, bool mark) {
  std::string text = mark ? "\xFF\xFE" : "";
  for (const char c : ascii) text += std::string{c, '\0'};
  return text;
}

inline std::string mp3_frames(int count) {
  return repeat(std::string("\xFF\xFB\x90\x64", 4) + zeros(413), count);
}

inline std::string adts_frames(int count) {
  const std::string header{"\xFF\xF1\x50\x80\x19\x1F\xFC", 7};
  return repeat(header + zeros(200 - header.size()), count);
}

}  // namespace wechaty::puppet::test
