// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/new_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "puppet/engine/uuid.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

[[noreturn]] void exists_already(const std::string& path) {
  throw ConflictError{"FileBox.toFile(" + path +
                      "): file exist. Pass overwrite = true to force overwrite."};
}

}  // namespace

NewFile::NewFile(const std::string& path, bool overwrite) : path_{path}, overwrite_{overwrite} {
  struct stat there {};
  // A link that somebody else put there is not followed unasked.
  bool exists = ::lstat(path_.c_str(), &there) == 0;
  if (exists && !overwrite) exists_already(path_);
  if (exists && S_ISLNK(there.st_mode)) {
    path_ = memory::follow_links(std::filesystem::absolute(path_));
    exists = ::stat(path_.c_str(), &there) == 0;
  }
  if (exists && !S_ISREG(there.st_mode)) {
    fd_ = Fd{::open(path_.c_str(), O_WRONLY | O_CLOEXEC)};
    if (!fd_.valid()) throw_file_error("write", path_, errno);
    return;
  }
  // A short name: the file's own may be as long as names can be.
  const std::size_t slash = path_.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path_.substr(0, slash + 1);
  temporary_ = folder + "." + random_uuid() + ".part";
  fd_ = Fd{::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
  if (!fd_.valid()) {
    const int error = errno;
    temporary_.clear();
    throw_file_error("write", path_, error);
  }
  if (exists) (void)::fchmod(fd_.get(), there.st_mode & 07777U);
}

NewFile::~NewFile() {
  if (!temporary_.empty()) (void)::unlink(temporary_.c_str());
}

void NewFile::write(std::span<const std::byte> bytes) { write_all(fd_.get(), bytes, path_); }

void NewFile::commit() {
  if (temporary_.empty()) return;
  fd_ = Fd{};
  int result = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, path_.c_str(),
                           overwrite_ ? 0U : RENAME_NOREPLACE);
  if (result != 0 && errno == EINVAL && !overwrite_) {
    // A file system that cannot: look again, then move.
    if (::access(path_.c_str(), F_OK) == 0) exists_already(path_);
    result = ::rename(temporary_.c_str(), path_.c_str());
  }
  if (result != 0) {
    if (errno == EEXIST) exists_already(path_);
    throw_file_error("write", path_, errno);
  }
  temporary_.clear();
}

}  // namespace wechaty::puppet
