// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/mime_signatures.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "puppet/file_box/mime_content.hpp"

using namespace std::string_view_literals;

namespace wechaty::puppet {

namespace {

struct Signature {
  std::string_view type;
  std::string_view bytes;
  std::size_t offset = 0;
  std::string_view more{};  // a second place that tells what the first one leaves open
  std::size_t more_offset = 0;
};

/// Four bytes or more, so that no text and no accident looks like them. WeChat's voice stands with
/// and without its leading byte.
constexpr auto proofs = std::to_array<Signature>({
    {"image/png", "\x89PNG\r\n\x1a\n"sv},
    {"image/gif", "GIF87a"sv},
    {"image/gif", "GIF89a"sv},
    {"image/webp", "RIFF"sv, 0, "WEBP"sv, 8},
    {"audio/wav", "RIFF"sv, 0, "WAVE"sv, 8},
    {"audio/wav", "RF64"sv, 0, "WAVE"sv, 8},
    {"video/x-msvideo", "RIFF"sv, 0, "AVI "sv, 8},
    {"application/pdf", "%PDF-"sv},
    {"audio/x-flac", "fLaC"sv},
    {"audio/silk", "#!SILK_V3"sv},
    {"audio/silk", "\x02#!SILK_V3"sv},
    {"audio/amr-wb", "#!AMR-WB\n"sv},
    {"audio/amr-wb", "#!AMR-WB_MC1.0\n"sv},
    {"audio/amr", "#!AMR\n"sv},
    {"audio/amr", "#!AMR_MC1.0\n"sv},
    {"application/x-7z-compressed", "7z\xBC\xAF\x27\x1C"sv},
    {"application/vnd.rar", "Rar!\x1A\x07"sv},
    {"application/x-bzip2", "BZh"sv, 0, "1AY&SY"sv, 4},
    {"application/x-xz", "\xFD\x37zXZ\0"sv},
    {"application/zstd", "\x28\xB5\x2F\xFD"sv},
    {"application/x-lz4", "\x04\x22\x4D\x18"sv},
    {"application/x-sqlite3", "SQLite format 3\0"sv},
    {"application/rtf", "{\\rtf"sv},
    {"application/postscript", "%!PS"sv},
    {"image/vnd.adobe.photoshop", "8BPS\0"sv},
    {"image/jp2", "\0\0\0\x0CjP  \r\n\x87\n"sv},
    {"image/jxl", "\0\0\0\x0CJXL \r\n\x87\n"sv},
    {"image/vnd.djvu", "AT&TFORM"sv},
    {"audio/midi", "MThd\0\0\0\x06"sv},
    {"audio/x-aiff", "FORM"sv, 0, "AIFF"sv, 8},
    {"audio/x-aiff", "FORM"sv, 0, "AIFC"sv, 8},
    {"audio/x-caf", "caff\0\1"sv},
    {"audio/ape", "MAC \x96\x0F"sv},
    {"video/x-flv", "FLV\1"sv},
    {"application/vnd.ms-cab-compressed", "MSCF\0\0\0\0"sv},
    {"font/woff", "wOFF"sv},
    {"font/woff2", "wOF2"sv},
    {"font/otf", "OTTO\0"sv},
    {"font/collection", "ttcf\0"sv},
    {"image/emf", "\1\0\0\0"sv, 0, " EMF"sv, 40},
    {"image/wmf", "\xD7\xCD\xC6\x9A"sv},
    {"image/aces", "\x76\x2F\x31\1"sv},  // OpenEXR
    {"image/dpx", "SDPX\0"sv},
    {"image/dpx", "XPDS"sv, 0, "\0"sv, 7},
    {"image/qoi", "qoif\0"sv},
    {"image/x-icns", "icns\0"sv},
    {"audio/x-wavpack", "wvpk"sv, 0, "\0"sv, 7},
    {"application/vnd.debian.binary-package", "!<arch>\ndebian-binary"sv},
});

constexpr std::string_view cfb = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;
constexpr std::string_view asf = "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv;
constexpr std::string_view ebml = "\x1A\x45\xDF\xA3"sv;

/// Beginnings that every content of the type has, but that do not prove it.
constexpr auto needs = std::to_array<Signature>({
    {"image/jpeg", "\xFF\xD8\xFF"sv},
    {"image/bmp", "BM"sv},
    {"image/tiff", "II\x2A\0"sv},
    {"image/tiff", "MM\0\x2A"sv},
    {"image/tiff", "II\x2B\0"sv},
    {"image/tiff", "MM\0\x2B"sv},
    {"image/vnd.microsoft.icon", "\0\0\1\0"sv},
    {"image/vnd.microsoft.icon", "\0\0\2\0"sv},
    {"image/jxl", "\xFF\x0A"sv},
    {"font/ttf", "\0\1\0\0"sv},
    {"font/ttf", "true"sv},
    {"application/gzip", "\x1F\x8B"sv},
    {"application/zip", "PK\3\4"sv},
    {"application/zip", "PK\5\6"sv},
    {"application/zip", "PK\7\x08"sv},
    {"application/msword", cfb},
    {"application/msword", "\xDB\xA5"sv},  // Word 2
    {"application/vnd.ms-excel", cfb},
    {"application/vnd.ms-excel", "\x09\x00"sv},  // a bare worksheet of Excel 2 to 4
    {"application/vnd.ms-excel", "\x09\x02"sv},
    {"application/vnd.ms-excel", "\x09\x04"sv},
    {"application/vnd.ms-excel", "\x09\x08"sv},
    {"application/vnd.ms-powerpoint", cfb},
    {"application/vnd.ms-outlook", cfb},
    {"application/x-mspublisher", cfb},
    {"application/vnd.visio", cfb},
    {"application/vnd.visio", "PK"sv},
    {"audio/ogg", "OggS"sv},
    {"video/ogg", "OggS"sv},
    {"video/webm", ebml},
    {"audio/webm", ebml},
    {"video/x-matroska", ebml},
    {"audio/x-matroska", ebml},
    {"video/x-ms-wmv", asf},
    {"audio/x-ms-wma", asf},
    {"video/x-ms-asf", asf},
    {"video/mp2t", "G"sv, 0, "G"sv, 188},  // packets of 188 bytes, or 192 on a camera's card
    {"video/mp2t", "G"sv, 4, "G"sv, 196},
    {"video/mpeg", "\0\0\1"sv},
    {"application/vnd.rn-realmedia", ".RMF"sv},
    {"application/vnd.rn-realmedia-vbr", ".RMF"sv},
    {"application/x-tar", "ustar"sv, 257},
    {"application/vnd.microsoft.portable-executable", "MZ"sv},
});

bool matches(const Signature& signature, std::string_view text) {
  const auto has = [&](std::string_view bytes, std::size_t offset) {
    return text.size() >= offset + bytes.size() && text.substr(offset, bytes.size()) == bytes;
  };
  return has(signature.bytes, signature.offset) && has(signature.more, signature.more_offset);
}

bool is_iso_media(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>(
      {"video/mp4", "audio/mp4", "application/mp4", "video/quicktime", "video/x-m4v", "video/3gpp",
       "audio/3gpp", "video/3gpp2", "video/x-f4v", "video/iso.segment", "image/heic", "image/heif",
       "image/heic-sequence", "image/heif-sequence", "image/avif"});
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_made_of_zip(std::string_view type) {
  return type.ends_with("+zip") || type.starts_with("application/vnd.openxmlformats-") ||
         type.starts_with("application/vnd.oasis.opendocument.") ||
         type.ends_with(".macroenabled.12") || type == "application/java-archive" ||
         type == "application/vnd.android.package-archive" ||
         type == "application/vnd.google-earth.kmz" || type == "application/x-xpinstall" ||
         type == "application/vnd.ofd" || type == "application/vnd.ms-xpsdocument" ||
         type == "model/3mf";
}

/// Bytes of the MPEG audio frame (layer 2 or 3) whose header is at `at`; 0 for none. Layer 1, which
/// nobody uses, would begin like the byte order mark of UTF-16.
std::size_t frame_length(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  if (byte(0) != 0xFF || (byte(1) & 0xE0U) != 0xE0U) return 0;
  const unsigned version = byte(1) >> 3U & 3U;  // 0: 2.5, 2: 2, 3: 1
  const unsigned layer = 4 - (byte(1) >> 1U & 3U);
  const unsigned rate_index = byte(2) >> 4U;
  const unsigned frequency_index = byte(2) >> 2U & 3U;
  if (version == 1 || layer == 1 || layer == 4 || rate_index == 0 || rate_index == 15 ||
      frequency_index == 3) {
    return 0;
  }
  using Rates = std::array<unsigned, 15>;
  static constexpr std::array<Rates, 3> rates{{
      {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
      {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
      {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
  }};
  const unsigned row = version == 3 ? layer - 2 : 2;
  const unsigned bits = rates.at(row).at(rate_index) * 1000;
  static constexpr std::array<unsigned, 3> frequencies{44'100, 48'000, 32'000};
  const unsigned frequency = frequencies.at(frequency_index) / (version == 3   ? 1
                                                                : version == 2 ? 2
                                                                               : 4);
  const unsigned padding = byte(2) >> 1U & 1U;
  return (layer == 3 && version != 3 ? 72 : 144) * bits / frequency + padding;
}

/// Two frames in a row, or one in what is too short for two.
bool begins_with_frames(std::string_view text, std::size_t at) {
  const std::size_t length = frame_length(text, at);
  return length > 0 && (at + length + 4 > text.size() || frame_length(text, at + length) > 0);
}

bool begins_with_adts(std::string_view text) {
  const auto header = [&](std::size_t at) -> std::size_t {
    if (at + 7 > text.size()) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    if (byte(0) != 0xFF || (byte(1) & 0xF6U) != 0xF0U || (byte(2) >> 2U & 15U) > 12) return 0;
    return (byte(3) & 3U) << 11U | static_cast<unsigned>(byte(4)) << 3U | byte(5) >> 5U;
  };
  const std::size_t length = header(0);
  return length >= 7 && (length + 7 > text.size() || header(length) > 0);
}

/// Where the content begins behind a tag of ID3v2; nullopt for no tag.
std::optional<std::size_t> behind_id3(std::string_view text) {
  if (!text.starts_with("ID3") || text.size() < 10) return std::nullopt;
  if (text[3] < 2 || text[3] > 4) return std::nullopt;  // version
  std::size_t size = 0;
  for (std::size_t i = 6; i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x80) return std::nullopt;
    size = size << 7U | byte;
  }
  return 10 + size;
}

std::optional<std::string_view> mpeg_audio_type(std::string_view text) {
  if (const auto behind = behind_id3(text)) {
    if (*behind >= text.size()) return "audio/mpeg";
    const std::string_view rest = text.substr(*behind);
    if (rest.starts_with("fLaC")) return "audio/x-flac";
    return begins_with_adts(rest) ? "audio/x-aac" : "audio/mpeg";
  }
  if (begins_with_adts(text)) return "audio/x-aac";
  if (begins_with_frames(text, 0)) return "audio/mpeg";
  return std::nullopt;
}

std::optional<std::string_view> matroska_type(std::string_view text) {
  if (!text.starts_with(ebml)) return std::nullopt;
  // The element DocType, its length, its text.
  const std::size_t doc_type = text.substr(0, 256).find("\x42\x82"sv);
  if (doc_type == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(std::min(doc_type + 3, text.size()));
  // The codecs of its tracks: sound alone, or a film.
  const bool sound = text.find("V_") == text.npos && text.find("A_") != text.npos;
  if (name.starts_with("webm")) return sound ? "audio/webm" : "video/webm";
  if (name.starts_with("matroska")) return sound ? "audio/x-matroska" : "video/x-matroska";
  return std::nullopt;
}

/// Windows Media, by the kinds of its streams.
std::optional<std::string_view> asf_type(std::string_view text) {
  if (!text.starts_with(asf)) return std::nullopt;
  if (text.find("\xC0\xEF\x19\xBC\x4D\x5B\xCF\x11"sv) != text.npos) return "video/x-ms-wmv";
  if (text.find("\x40\x9E\x69\xF8\x4D\x5B\xCF\x11"sv) != text.npos) return "audio/x-ms-wma";
  return "video/x-ms-asf";
}

/// Packets of a transport stream, three in a row.
bool begins_with_packets(std::string_view text) {
  const auto every = [&](std::size_t first, std::size_t size) {
    return text.size() > first + 2 * size && text[first] == 'G' && text[first + size] == 'G' &&
           text[first + 2 * size] == 'G';
  };
  return every(0, 188) || every(4, 192);
}

std::optional<std::string_view> ogg_type(std::string_view text) {
  if (!text.starts_with("OggS\0"sv)) return std::nullopt;
  for (const std::string_view video : {"\x80theora"sv, "\1video\0\0\0"sv, "BBCD\0"sv}) {
    if (text.find(video) != std::string_view::npos) return "video/ogg";
  }
  return "audio/ogg";
}

/// A film of QuickTime from before there were brands: a chain of two boxes that it is made of.
bool begins_like_old_quicktime(std::string_view text) {
  if (text.size() < 16) return false;
  const auto is_box = [&](std::size_t at) {
    static constexpr auto boxes = std::to_array<std::string_view>(
        {"moov", "mdat", "wide", "free", "skip", "pnot", "mvhd", "cmov"});
    return std::find(boxes.begin(), boxes.end(), text.substr(at + 4, 4)) != boxes.end();
  };
  const std::size_t size = big_endian(text, 0);
  if (!is_box(0) || size < 8) return false;
  if (is_box(8)) return true;
  return size + 8 > text.size() ? text.substr(4, 4) == "mdat" : is_box(size);
}

/// A TrueType font: how many tables it has, and the name of the first.
bool begins_like_true_type(std::string_view text) {
  if (text.size() < 28 || (!text.starts_with("\0\1\0\0"sv) && !text.starts_with("true\0"sv))) {
    return false;
  }
  const std::string_view first_table = text.substr(12, 4);
  return text[4] == '\0' && text[5] > 0 && text[5] < 64 &&
         std::all_of(first_table.begin(), first_table.end(),
                     [](char c) { return c >= ' ' && c <= '~'; });
}

/// Flash: plain or compressed, its version, its length.
bool begins_like_flash(std::string_view text) {
  return text.size() >= 8 && std::string_view{"FCZ"}.find(text[0]) != std::string_view::npos &&
         text.substr(1, 2) == "WS" && text[3] > 0 && text[3] <= 50 && text[7] < 8;
}

/// DTS sound. No proof: a source of a device tree may be called .dts too.
bool begins_like_dts(std::string_view text) {
  return text.starts_with("\x7F\xFE\x80\x01"sv) || text.starts_with("\xFE\x7F\x01\x80"sv) ||
         text.starts_with("\x1F\xFF\xE8\x00"sv) || text.starts_with("\xFF\x1F\x00\xE8"sv);
}

/// A picture of SGI: how it is stored, bytes of a sample, dimensions.
bool begins_like_sgi(std::string_view text) {
  return text.size() >= 6 && text.starts_with("\x01\xDA"sv) && (text[2] == 0 || text[2] == 1) &&
         (text[3] == 1 || text[3] == 2) && text[4] == 0 && text[5] >= 1 && text[5] <= 3;
}

bool begins_like_executable(std::string_view text) {
  if (!text.starts_with("MZ") || text.size() < 64) return false;
  const std::size_t header = little_endian(text, 0x3C, 4);
  return header >= 64 && header + 4 <= text.size() && text.substr(header, 4) == "PE\0\0"sv;
}

}  // namespace

std::optional<std::string_view> type_by_signature(std::string_view beginning) {
  for (const Signature& signature : proofs) {
    if (matches(signature, beginning)) return signature.type;
  }
  if (beginning.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
  if (const auto type = iso_media_type(beginning)) return type;
  if (const auto type = matroska_type(beginning)) return type;
  if (const auto type = ogg_type(beginning)) return type;
  if (const auto type = asf_type(beginning)) return type;
  if (const auto type = mpeg_audio_type(beginning)) return type;
  if (begins_with_packets(beginning)) return "video/mp2t";
  if (begins_like_old_quicktime(beginning)) return "video/quicktime";
  if (begins_like_true_type(beginning)) return "font/ttf";
  if (begins_like_flash(beginning)) return "application/x-shockwave-flash";
  if (begins_like_dts(beginning)) return "audio/vnd.dts";
  if (begins_like_sgi(beginning)) return "image/sgi";
  if (begins_like_executable(beginning)) return "application/vnd.microsoft.portable-executable";
  return std::nullopt;
}

std::optional<bool> begins_like(std::string_view type, std::string_view beginning) {
  bool known = false;
  const auto check = [&](const Signature& signature) {
    if (signature.type != type) return false;
    known = true;
    return matches(signature, beginning);
  };
  if (std::any_of(proofs.begin(), proofs.end(), check)) return true;
  if (std::any_of(needs.begin(), needs.end(), check)) return true;
  if (known) {
    // Some put a tag before it, some a few lines of rubbish.
    if (type == "audio/x-flac") return mpeg_audio_type(beginning) == type;
    if (type == "application/pdf")
      return beginning.substr(0, 1'024).find("%PDF-") != beginning.npos;
    return false;
  }
  if (is_made_of_zip(type)) {
    // An OOXML document with a password is an OLE file.
    return beginning.starts_with("PK") || beginning.starts_with(cfb);
  }
  if (is_iso_media(type)) {
    if (beginning.size() < 8) return false;
    static constexpr auto boxes =
        std::to_array<std::string_view>({"ftyp", "moov", "mdat", "free", "skip", "wide", "pnot"});
    return std::find(boxes.begin(), boxes.end(), beginning.substr(4, 4)) != boxes.end();
  }
  if (type == "audio/mpeg") {
    // Some players skip what is before the first frame.
    if (behind_id3(beginning) || beginning.starts_with("APETAGEX")) return true;
    for (std::size_t at = 0; at + 4 <= beginning.size(); ++at) {
      const std::size_t length = frame_length(beginning, at);
      if (length > 0 && (at == 0 || frame_length(beginning, at + length) > 0)) return true;
    }
    return false;
  }
  if (type == "audio/x-aac") {
    return behind_id3(beginning) || beginning.starts_with("ADIF") || begins_with_adts(beginning);
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet
