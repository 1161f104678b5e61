// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/mime.hpp"

#include <magic.h>

#include <algorithm>
#include <memory>

#include "puppet/file_box/mime_table.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// A type as the table spells it: no parameters, lower case, no synonym.
std::string canonical(std::string_view media_type) {
  media_type = media_type.substr(0, media_type.find(';'));
  while (!media_type.empty() && media_type.back() == ' ') media_type.remove_suffix(1);
  while (!media_type.empty() && media_type.front() == ' ') media_type.remove_prefix(1);
  const std::string type = lower(media_type);
  for (const auto& [other, ours] : type_synonyms) {
    if (other == type) return std::string{ours};
  }
  return type;
}

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

}  // namespace

std::optional<std::string_view> type_of_name(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string extension = lower(name.substr(dot + 1));
  const auto found = std::lower_bound(
      mime_entries.begin(), mime_entries.end(), extension,
      [](const MimeEntry& entry, const std::string& wanted) { return entry.extension < wanted; });
  if (found == mime_entries.end() || found->extension != extension) return std::nullopt;
  return found->type;
}

std::optional<std::string_view> extension_of_type(std::string_view media_type) {
  const std::string type = canonical(media_type);
  const auto of_type = [&](const MimeEntry& entry) { return entry.type == type; };
  const auto* const preferred =
      std::find_if(preferred_extensions.begin(), preferred_extensions.end(), of_type);
  if (preferred != preferred_extensions.end()) return preferred->extension;
  const auto* const found = std::find_if(mime_entries.begin(), mime_entries.end(), of_type);
  if (found == mime_entries.end()) return std::nullopt;
  return found->extension;
}

std::string type_of_content(std::span<const std::byte> beginning) {
  const std::string_view text{reinterpret_cast<const char*>(beginning.data()), beginning.size()};
  if (text.empty()) return std::string{octet_stream};
  // WeChat's voice, with and without its leading byte; libmagic knows neither.
  if (text.starts_with("#!SILK_V3") || text.starts_with("\x02#!SILK_V3")) return "audio/silk";
  const char* const answer =
      magic_buffer(magic_of_this_thread(), beginning.data(), beginning.size());
  return answer == nullptr ? std::string{octet_stream} : canonical(answer);
}

}  // namespace wechaty::puppet
