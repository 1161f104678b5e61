// SPDX-License-Identifier: Apache-2.0
#include <magic.h>

#include <algorithm>
#include <array>
#include <memory>

#include "puppet/file_box/mime_archives.hpp"
#include "puppet/file_box/mime_content.hpp"
#include "puppet/file_box/mime_signatures.hpp"
#include "puppet/file_box/mime_text.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet {

namespace {

/// A handle of libmagic for the calling thread: one cannot be used by two at a time, and to load
/// its database takes longer than to use it.
magic_t magic_of_this_thread() {
  struct Close {
    void operator()(magic_t handle) const { magic_close(handle); }
  };
  thread_local const std::unique_ptr<std::remove_pointer_t<magic_t>, Close> handle{
      magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF)};
  thread_local const bool loaded = handle && magic_load(handle.get(), nullptr) == 0;
  if (!loaded) throw Error{"libmagic cannot load its database; on Debian: libmagic-mgc"};
  return handle.get();
}

/// The name that the table has for a type that libmagic names otherwise; as it is for a type whose
/// extension says nothing.
std::string as_in_table(std::string_view type) {
  const auto extension = extension_of_type(type);
  if (!extension) return std::string{type};
  const auto in_table = type_of_name("." + std::string{*extension});
  return std::string{in_table && *in_table != octet_stream ? *in_table : type};
}

/// What libmagic may say of text. It also sees programming languages, mail and much else in what
/// people write.
bool is_believed_of_text(std::string_view type) {
  static constexpr auto types = std::to_array<std::string_view>(
      {"text/html", "text/csv", "text/calendar", "text/x-vcard", "text/vtt", "application/json",
       "application/rtf", "application/postscript", "application/x-subrip",
       "application/x-bittorrent", "application/x-ndjson"});
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// libmagic knows these by so little that any bytes may look like them.
bool is_believed_of_binary(std::string_view type, std::string_view beginning) {
  static constexpr auto doubtful = std::to_array<std::string_view>(
      {"image/x-tga", "application/x-dosexec", "application/zlib", "audio/x-mp4a-latm",
       "application/x-geoswath-rdf", "application/x-ibm-dsk"});
  return beginning.starts_with("MZ") ||
         std::find(doubtful.begin(), doubtful.end(), type) == doubtful.end();
}

bool has_wide_mark(std::string_view text) {
  using namespace std::string_view_literals;
  return text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
         text.starts_with("\0\0\xFE\xFF"sv);
}

ContentKind kind_of(std::string_view type) {
  static constexpr auto containers = std::to_array<std::string_view>(
      {"application/zip", "application/gzip", "application/x-ole-storage", "application/cdfv2",
       "application/encrypted", "image/tiff", "application/x-bzip2", "application/x-xz"});
  if (type.empty() || type == octet_stream || type == "application/x-empty" ||
      type == "inode/x-empty") {
    return ContentKind::unknown;
  }
  if (is_text_type(type)) return ContentKind::text;
  const bool container = std::find(containers.begin(), containers.end(), type) != containers.end();
  return container ? ContentKind::container : ContentKind::specific;
}

DetectedType detected(std::string_view type) {
  const ContentKind kind = kind_of(type);
  return {.type = std::string{kind == ContentKind::unknown ? octet_stream : type}, .kind = kind};
}

DetectedType ask_libmagic(std::string_view beginning) {
  const char* const answer =
      magic_buffer(magic_of_this_thread(), beginning.data(), beginning.size());
  if (answer == nullptr) return {.type = std::string{octet_stream}};
  const std::string type = as_in_table(answer);
  if (!may_be_text(beginning)) {
    // Nothing that has a NUL in it is text, but for UTF-16 and UTF-32.
    const bool binary = beginning.find('\0') != std::string_view::npos && !has_wide_mark(beginning);
    if (type.starts_with("text/")) return detected(binary ? octet_stream : "text/plain");
    return detected(is_believed_of_binary(type, beginning) ? type : octet_stream);
  }
  if (type == "text/csv" && is_prose(beginning)) return detected("text/plain");
  if (is_believed_of_text(type)) return detected(type);
  // Not valid UTF-8: an old encoding of text, if libmagic thinks so.
  if (type.starts_with("text/") || (is_utf8_text(beginning) && beginning.size() > 1)) {
    return detected("text/plain");
  }
  return detected(type);
}

}  // namespace

std::string ContentView::at(std::uint64_t offset, std::size_t count) const {
  if (offset + count <= beginning.size()) {
    return std::string{beginning.substr(static_cast<std::size_t>(offset), count)};
  }
  if (read) return read(offset, count);
  if (offset >= beginning.size()) return {};
  return std::string{beginning.substr(static_cast<std::size_t>(offset))};
}

DetectedType detect(const ContentView& content) {
  const std::string_view beginning = content.beginning;
  if (beginning.empty()) return detected(octet_stream);
  if (const auto type = type_by_signature(beginning)) return detected(*type);
  if (const auto zip = zip_type(content)) return *zip;
  if (const auto compound = compound_file_type(content)) {
    if (compound->kind == ContentKind::specific) return *compound;
    const DetectedType other = ask_libmagic(beginning);
    return other.kind == ContentKind::specific ? other : *compound;
  }
  if (may_be_text(beginning)) {
    if (const auto type = type_of_text(beginning, content.is_whole())) return detected(*type);
  } else if (const auto ascii = ascii_of_utf16(beginning)) {
    const auto type = type_of_text(*ascii, content.is_whole());
    // JSON is UTF-8 wherever it travels.
    return detected(type && *type != "application/json" ? *type : "text/plain");
  }
  return ask_libmagic(beginning);
}

std::string type_of_content(std::span<const std::byte> content) {
  const std::string_view text{reinterpret_cast<const char*>(content.data()), content.size()};
  ContentView view{.beginning = text.substr(0, bytes_to_sniff), .size = text.size()};
  if (text.size() == bytes_to_sniff) view.size.reset();  // may well be cut off there
  view.read = [text](std::uint64_t offset, std::size_t count) {
    return std::string{text.substr(std::min<std::uint64_t>(offset, text.size()), count)};
  };
  return detect(view).type;
}

}  // namespace wechaty::puppet
