// SPDX-License-Identifier: Apache-2.0
// Films, sound and pictures in the container of ISO/IEC 14496-12, by their brands.
#include <algorithm>
#include <array>

#include "puppet/file_box/mime_content.hpp"
#include "puppet/file_box/mime_signatures.hpp"

namespace wechaty::puppet {

std::optional<std::string_view> iso_media_type(std::string_view text) {
  if (text.size() < 12 || text.substr(4, 4) != "ftyp") return std::nullopt;
  const std::size_t box = big_endian(text, 0);
  if (box < 12) return std::nullopt;
  struct Brand {
    std::string_view name;
    std::string_view type;
  };
  static constexpr auto brands = std::to_array<Brand>({
      {"avif", "image/avif"},          {"avis", "image/avif"},          {"heic", "image/heic"},
      {"heix", "image/heic"},          {"heim", "image/heic"},          {"heis", "image/heic"},
      {"hevc", "image/heic-sequence"}, {"hevx", "image/heic-sequence"}, {"qt  ", "video/quicktime"},
      {"M4A ", "audio/mp4"},           {"M4B ", "audio/mp4"},           {"M4P ", "audio/mp4"},
      {"F4A ", "audio/mp4"},           {"F4B ", "audio/mp4"},           {"M4V ", "video/x-m4v"},
      {"M4VH", "video/x-m4v"},         {"M4VP", "video/x-m4v"},         {"mj2s", "video/mj2"},
      {"mjp2", "video/mj2"},           {"f4v ", "video/x-f4v"},
  });
  const auto type_of = [](std::string_view brand) -> std::optional<std::string_view> {
    for (const Brand& known : brands) {
      if (known.name == brand) return known.type;
    }
    if (brand.starts_with("3g2")) return "video/3gpp2";
    if (brand.starts_with("3g")) return "video/3gpp";
    return std::nullopt;
  };
  const std::string_view major = text.substr(8, 4);
  if (const auto type = type_of(major)) return type;
  // The general brand of still pictures says nothing of how they are coded; the others do.
  static constexpr auto pictures =
      std::to_array<std::string_view>({"mif1", "mif2", "msf1", "miaf", "jpeg", "avci", "vvic"});
  const bool picture = std::find(pictures.begin(), pictures.end(), major) != pictures.end();
  for (std::size_t at = 16; picture && at + 4 <= std::min(box, text.size()); at += 4) {
    const auto type = type_of(text.substr(at, 4));
    if (type && type->starts_with("image/")) return type;
  }
  if (picture) return major == "msf1" ? "image/heif-sequence" : "image/heif";
  if (major == "crx " || major == "jp2 " || major == "jpx " || major == "jxl ") return std::nullopt;
  return "video/mp4";
}

}  // namespace wechaty::puppet
