// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/logout_note.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "puppet/memory/content_hash.hpp"
#include "puppet/memory/posix_file.hpp"

namespace wechaty::puppet::memory {

namespace {
constexpr std::size_t longest_note = 64 * 1024;
}  // namespace

LogoutNote::LogoutNote(const std::string& folder, std::string_view card) {
  if (folder.empty()) return;
  folder_ = folder + "/logouts";
  path_ = folder_ + "/" + content_hash(card);
}

void LogoutNote::write(const std::vector<std::string>& hashes) const {
  if (path_.empty()) return;
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  if (failed) throw_errno("make the folder", folder_, failed.value());
  std::string text;
  for (const auto& hash : hashes) text += hash + '\n';
  replace_file(path_, text);
}

bool LogoutNote::names(const std::vector<std::string>& hashes) const {
  if (path_.empty()) return false;
  const auto note = read_file(path_, longest_note);
  if (!note) return false;
  return std::any_of(hashes.begin(), hashes.end(), [&](const std::string& hash) {
    return note->text.find(hash + '\n') != std::string::npos;
  });
}

void LogoutNote::remove() const {
  if (path_.empty()) return;
  if (remove_file(path_)) sync_folder(folder_);
}

std::string default_state_folder() {
  // The specification has relative paths ignored.
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && state[0] == '/') return std::string{state} + "/wechaty-puppet";
  const char* home = std::getenv("HOME");
  if (home != nullptr && home[0] == '/') return std::string{home} + "/.local/state/wechaty-puppet";
  return {};
}

}  // namespace wechaty::puppet::memory
