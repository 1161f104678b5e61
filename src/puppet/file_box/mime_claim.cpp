// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "puppet/file_box/mime_content.hpp"
#include "puppet/file_box/mime_signatures.hpp"
#include "puppet/file_box/mime_text.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

using namespace std::string_view_literals;

namespace wechaty::puppet {

namespace {

/// Less than this contradicts nothing by what it lacks.
constexpr std::size_t least_to_contradict = 32;

constexpr std::string_view svg = "image/svg+xml";

template <std::size_t N>
bool both_in(const std::array<std::string_view, N>& family, std::string_view a,
             std::string_view b) {
  const auto has = [&](std::string_view type) {
    return std::find(family.begin(), family.end(), type) != family.end();
  };
  return has(a) && has(b);
}

bool is_media(std::string_view type) {
  return type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/") ||
         type.starts_with("font/");
}

/// Which program's document it is, with macros, as a template or without.
std::string_view office_of(std::string_view type) {
  const bool with_macros = type.ends_with(".macroenabled.12");
  for (const std::string_view program : {"word", "excel", "powerpoint"}) {
    if (with_macros && type.find(program) != type.npos) return program;
  }
  if (type.find("openxmlformats") == type.npos) return {};
  if (type.find("wordprocessingml") != type.npos) return "word";
  if (type.find("spreadsheetml") != type.npos) return "excel";
  return type.find("presentationml") != type.npos ? "powerpoint" : std::string_view{};
}

/// Forms whose brand or container leaves open what the extension knows.
bool is_same_family(std::string_view claimed, std::string_view found) {
  using Family3 = std::array<std::string_view, 3>;
  static constexpr std::array<std::string_view, 11> iso{
      "video/mp4",   "audio/mp4",   "application/mp4",  "video/quicktime",
      "video/x-m4v", "video/3gpp",  "audio/3gpp",       "video/3gpp2",
      "video/mj2",   "video/x-f4v", "video/iso.segment"};
  static constexpr std::array<std::string_view, 4> heif{
      "image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"};
  static constexpr Family3 ogg{"audio/ogg", "video/ogg", "application/ogg"};
  static constexpr Family3 asf{"video/x-ms-asf", "video/x-ms-wmv", "audio/x-ms-wma"};
  if (both_in(iso, claimed, found)) {
    // Brands of their own, which not every player of MP4 understands.
    if (claimed == "video/mp4" && (found == "video/quicktime" || found.starts_with("video/3gpp"))) {
      return false;
    }
    // Sound is never a film; but a general brand may hold sound alone.
    if (found == "audio/mp4") return claimed.starts_with("audio/");
    const bool film = found == "video/quicktime" || found == "video/x-m4v";
    return !film || !claimed.starts_with("audio/");
  }
  if (both_in(heif, claimed, found) || both_in(ogg, claimed, found) ||
      both_in(asf, claimed, found)) {
    return true;
  }
  if (found == "image/heif") return claimed == "image/avif";
  if (found == "image/png") return claimed == "image/apng";
  if (found == "application/vnd.rn-realmedia") return claimed == "application/vnd.rn-realmedia-vbr";
  if (found == "video/mpeg") return claimed == "video/x-ms-vob";
  if (both_in(std::array{"audio/webm"sv, "video/webm"sv}, claimed, found)) return true;
  if (both_in(std::array{"audio/x-matroska"sv, "video/x-matroska"sv}, claimed, found)) return true;
  const std::string_view office = office_of(found);
  // Office opens no document with macros whose name denies them.
  const auto with_macros = [](std::string_view type) { return type.ends_with(".macroenabled.12"); };
  if (with_macros(found) && !with_macros(claimed)) return false;
  return !office.empty() && office == office_of(claimed);
}

/// Whether a text of the type `found` may have the extension of `claimed`.
bool text_may_be_called(std::string_view claimed, std::string_view extension,
                        std::string_view found, std::string_view beginning) {
  if (claimed == svg) return found == svg || found == "application/xml";
  // Text is text; but a picture is more than that.
  if (is_text_type(claimed)) return found != svg || claimed != "text/plain";
  if (found == "text/plain" && beginning.size() < least_to_contradict) return true;
  if (extension == "exe" || extension == "dll") return false;
  return begins_like(claimed, beginning).value_or(true);
}

/// Random bytes, or something that nobody knows.
bool unknown_may_be_called(std::string_view claimed, std::string_view extension,
                           std::string_view beginning) {
  if (beginning.size() < least_to_contradict) return true;
  if (extension == "exe" || extension == "dll") return beginning.starts_with("MZ");
  if (const auto begins = begins_like(claimed, beginning)) return *begins;
  if (!is_text_type(claimed)) return true;
  // Logs have a stray NUL now and then.
  const auto strange = std::count_if(beginning.begin(), beginning.end(), [](char c) {
    return !may_be_text(std::string_view{&c, 1});
  });
  return static_cast<std::size_t>(strange) * 20 < beginning.size();
}

/// Extensions such as .deb, .iso, .img: of no known type, and yet not without meaning.
bool octets_may_be_called(std::string_view extension, std::string_view found) {
  if (extension_of_type(found) == extension) return true;
  if (extension == "exe" || extension == "dll") {
    return found.find("executable") != found.npos || found.find("dosexec") != found.npos;
  }
  return !is_media(found) && found != "application/pdf" && office_of(found).empty();
}

}  // namespace

bool is_proven(std::string_view claimed, std::string_view extension, std::string_view beginning) {
  static constexpr auto provable = std::to_array<std::string_view>(
      {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "audio/wav",
       "video/x-msvideo", "application/x-7z-compressed", "application/vnd.rar", "audio/silk",
       "audio/amr"});
  if (std::find(provable.begin(), provable.end(), claimed) != provable.end()) {
    return begins_like(claimed, beginning).value_or(false);
  }
  if (claimed == "application/gzip")
    return extension != "svgz" && beginning.starts_with("\x1F\x8B");
  // Text is text, whatever it is besides, unless it may be a picture.
  return is_text_type(claimed) && claimed != svg && claimed != "text/plain" &&
         is_utf8_text(beginning);
}

bool may_be_called(std::string_view claimed, std::string_view extension,
                   const DetectedType& detected, const ContentView& content) {
  const std::string_view found = detected.type;
  const std::string_view beginning = content.beginning;
  if (found == claimed) return true;
  switch (detected.kind) {
    case ContentKind::unknown: return unknown_may_be_called(claimed, extension, beginning);
    case ContentKind::text: return text_may_be_called(claimed, extension, found, beginning);
    default: break;
  }
  if (is_text_type(claimed)) return extension == "svgz" && found == "application/gzip";
  if (claimed == octet_stream) return octets_may_be_called(extension, found);
  if (is_same_family(claimed, found)) return true;
  const auto begins = begins_like(claimed, beginning);
  if (detected.kind == ContentKind::container) {
    if (begins) return *begins;
    return !is_media(claimed) || (found == "image/tiff" && claimed.starts_with("image/"));
  }
  // Many things are made of archives, more than we know.
  const bool archive = begins_like("application/zip", beginning) == true ||
                       begins_like("application/msword", beginning) == true;
  if (archive && !begins) return !is_media(claimed);
  if (archive && found == "application/java-archive" && office_of(claimed).empty()) {
    return begins == true && claimed != "application/zip";
  }
  // What libmagic alone says is not enough against an extension that may be right.
  return begins != false && begins_like(found, beginning) != true;
}

}  // namespace wechaty::puppet
