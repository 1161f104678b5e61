// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/private_folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "puppet/file_box/file_io.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::string_view prefix = "wechaty-files-";

/// A folder of ours; an invalid Fd for any other.
Fd open_folder(const std::string& path) {
  Fd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  struct stat status {};
  const bool ours = fd.valid() && ::fstat(fd.get(), &status) == 0 && status.st_uid == ::geteuid();
  return ours ? std::move(fd) : Fd{};
}

bool lock(const Fd& fd) { return ::flock(fd.get(), LOCK_EX | LOCK_NB) == 0; }

void remove_left_overs(const std::string& parent) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry{parent, error}, end; !error && entry != end;
       entry.increment(error)) {
    if (!entry->path().filename().native().starts_with(prefix)) continue;
    const Fd folder = open_folder(entry->path());
    std::error_code ignored;
    if (folder.valid() && lock(folder)) std::filesystem::remove_all(entry->path(), ignored);
  }
}

}  // namespace

PrivateFolder::PrivateFolder(const std::string& parent) {
  std::error_code error;
  const std::string base =
      parent.empty() ? std::filesystem::temp_directory_path(error).string() : parent;
  if (error) throw_file_error("find the folder for temporary files", base, error.value());
  remove_left_overs(base);
  while (!lock_.valid()) {
    path_ = base + "/" + std::string{prefix} + "XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) throw_file_error("make a folder in", base, errno);
    // Until it is locked another process may take it for a left-over, and remove it. Where the file
    // system has no locks nobody can remove any.
    Fd folder = open_folder(path_);
    struct stat named {};
    const bool taken = folder.valid() && !lock(folder) && errno == EWOULDBLOCK;
    if (!taken && ::stat(path_.c_str(), &named) == 0) lock_ = std::move(folder);
  }
}

PrivateFolder::~PrivateFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace wechaty::puppet
