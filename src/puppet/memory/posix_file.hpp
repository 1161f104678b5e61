// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace wechaty::puppet::memory {

/// An owned file descriptor.
class Fd {
 public:
  explicit Fd(int fd = -1) noexcept : fd_{fd} {}
  Fd(Fd&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();

  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool valid() const noexcept { return fd_ >= 0; }

 private:
  int fd_;
};

/// Throws StorageError: "cannot <what> <path>: <errno's text>", with advice where there is some.
[[noreturn]] void throw_errno(std::string_view what, const std::string& path, int error);

/// The folder of an absolute path.
[[nodiscard]] std::string folder_of(const std::string& path);

/// Follow symbolic links of the last component, also to a file that does not exist yet.
[[nodiscard]] std::string follow_links(std::string path);

/// What is in a file; nullopt when there is none. `too_large` is set, and the text left empty, when
/// it is longer than `limit`. Takes the rights of group and others away where it may.
struct FileText {
  std::string text;
  std::size_t size = 0;
  bool too_large = false;
};
[[nodiscard]] std::optional<FileText> read_file(const std::string& path, std::size_t limit);

/// Put `text` into `path` by way of `path`.tmp: written, fsynced, renamed, folder fsynced; mode
/// 0600 from the first byte. The caller holds the lock of `path`, so that a .tmp that exists is
/// left over from a crash. On failure nothing is left of it.
void replace_file(const std::string& path, std::string_view text);

/// Remove a file if it is there. Returns whether it was.
bool remove_file(const std::string& path);
void sync_folder(const std::string& folder);

/// An exclusive flock on a lock file, which is made when it is missing.
class FileLock {
 public:
  /// Waits for at most 10 s, because the other side holds it for one save only.
  /// @throws StorageError when it takes longer, or the file cannot be made
  explicit FileLock(const std::string& path);
  /// nullopt at once when somebody else has it.
  [[nodiscard]] static std::optional<FileLock> try_lock(const std::string& path);

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }

 private:
  explicit FileLock(Fd fd) noexcept : fd_{std::move(fd)} {}

  Fd fd_;
};

}  // namespace wechaty::puppet::memory
