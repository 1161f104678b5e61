// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/posix_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <system_error>
#include <thread>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet::memory {
namespace {

constexpr mode_t owner_only = 0600;

/// Repeat a system call that a signal has interrupted.
template <class Call>
auto retry(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

const char* advice(int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return " (free some space; the old document is intact)";
    case EFBIG: return " (file size limit; the old document is intact)";
    case EROFS: return " (the file system is read-only)";
    case EACCES:
    case EPERM: return " (this user may not; the folder itself has to be writable, too)";
    case ENOENT: return " (the folder has to exist)";
    case EBUSY: return " (is the file itself a mount point? mount its folder instead)";
    default: return "";
  }
}

/// Open the lock file and lock it; an invalid Fd when somebody else has it.
Fd lock_once(const std::string& path) {
  for (;;) {
    Fd fd{retry([&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only); })};
    if (!fd.valid()) throw_errno("open the lock file", path, errno);
    if (retry([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
      if (errno == EWOULDBLOCK) return Fd{};
      throw_errno("lock", path, errno);
    }
    // destroy() removes the lock file while it holds it: what we locked has to be what others
    // will find under this name.
    struct stat ours {};
    struct stat named {};
    if (::fstat(fd.get(), &ours) == 0 && ::stat(path.c_str(), &named) == 0 &&
        ours.st_ino == named.st_ino && ours.st_dev == named.st_dev) {
      return fd;
    }
  }
}

void write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto written = retry([&] { return ::write(fd, text.data(), text.size()); });
    if (written < 0) throw_errno("write", path, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

void throw_errno(std::string_view what, const std::string& path, int error) {
  std::string message{"cannot "};
  message.append(what).append(" ").append(path).append(": ");
  message += std::generic_category().message(error) + advice(error);
  throw StorageError{message};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string follow_links(std::string path) {
  for (int hops = 0; hops < 40; ++hops) {
    std::string target(PATH_MAX, '\0');
    const auto length = ::readlink(path.c_str(), target.data(), target.size());
    if (length < 0) return path;  // no link, or nothing there: the caller's open() will tell
    target.resize(static_cast<std::size_t>(length));
    path = target.front() == '/' ? target : folder_of(path) + "/" + target;
  }
  throw_errno("follow the links of", path, ELOOP);
}

std::optional<FileText> read_file(const std::string& path, std::size_t limit) {
  const Fd fd{retry([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK); })};
  if (!fd.valid()) {
    if (errno == ENOENT) return std::nullopt;
    throw_errno("open", path, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw_errno("examine", path, errno);
  if (S_ISDIR(status.st_mode)) throw_errno("read", path, EISDIR);
  if (!S_ISREG(status.st_mode)) throw StorageError{"cannot read " + path + ": not a regular file"};
  if ((status.st_mode & 0077U) != 0) {
    // Written by the npm package, or copied. Not our file: then nothing can be done about it.
    (void)::fchmod(fd.get(), status.st_mode & 0700U);
  }
  FileText result{.text = {}, .size = static_cast<std::size_t>(status.st_size)};
  if (result.size > limit) {
    result.too_large = true;
    return result;
  }
  result.text.resize(result.size + 1);  // one more, to meet the end without growing
  std::size_t filled = 0;
  for (;;) {
    if (filled == result.text.size()) result.text.resize(filled + 4096);  // it may be growing
    const auto got = retry(
        [&] { return ::read(fd.get(), result.text.data() + filled, result.text.size() - filled); });
    if (got < 0) throw_errno("read", path, errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    if (filled > limit) return FileText{.text = {}, .size = filled, .too_large = true};
  }
  result.text.resize(filled);
  result.size = filled;
  return result;
}

void replace_file(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".tmp";
  const auto create = [&] {
    return retry([&] {
      return ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                    owner_only);
    });
  };
  int raw = create();
  if (raw < 0 && errno == EEXIST) {
    remove_file(temporary);
    raw = create();
  }
  if (raw < 0) throw_errno("make the file", temporary, errno);
  try {
    const Fd fd{raw};
    write_all(fd.get(), text, temporary);
    if (retry([&] { return ::fsync(fd.get()); }) != 0) throw_errno("fsync", temporary, errno);
    if (::rename(temporary.c_str(), path.c_str()) != 0) throw_errno("replace", path, errno);
  } catch (...) {
    (void)::unlink(temporary.c_str());
    throw;
  }
  sync_folder(folder_of(path));
}

bool remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return true;
  if (errno == ENOENT) return false;
  throw_errno("remove", path, errno);
}

void sync_folder(const std::string& folder) {
  const Fd fd{retry([&] { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })};
  if (!fd.valid()) throw_errno("open the folder", folder, errno);
  // Some network file systems have no fsync for folders and answer EINVAL; their rename is durable.
  if (retry([&] { return ::fsync(fd.get()); }) != 0 && errno != EINVAL) {
    throw_errno("fsync the folder", folder, errno);
  }
}

FileLock::FileLock(const std::string& path) : fd_{lock_once(path)} {
  // flock has no time limit of its own, and a holder that was stopped must not stop us for good.
  using namespace std::chrono_literals;
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  for (auto pause = 200us; !fd_.valid(); pause = std::min(pause * 2, 20'000us)) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw StorageError{"cannot lock " + path + ": another process has held it for 10 s"};
    }
    std::this_thread::sleep_for(pause);
    fd_ = lock_once(path);
  }
}

std::optional<FileLock> FileLock::try_lock(const std::string& path) {
  Fd fd = lock_once(path);
  if (!fd.valid()) return std::nullopt;
  return FileLock{std::move(fd)};
}

}  // namespace wechaty::puppet::memory
