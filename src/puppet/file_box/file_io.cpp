// SPDX-License-Identifier: Apache-2.0
#include "puppet/file_box/file_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

class FileSource final : public ByteSource {
 public:
  FileSource(Fd fd, std::string path) : fd_{std::move(fd)}, path_{std::move(path)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    for (;;) {
      const ssize_t count = ::read(fd_.get(), buffer.data(), buffer.size());
      if (count >= 0) return static_cast<std::size_t>(count);
      if (errno != EINTR) throw_file_error("read", path_, errno);
    }
  }

 private:
  const Fd fd_;
  const std::string path_;
};

}  // namespace

void throw_file_error(std::string_view what, const std::string& path, int error) {
  throw StorageError{"FileBox: cannot " + std::string{what} + " \"" + path +
                     "\": " + std::generic_category().message(error)};
}

std::unique_ptr<ByteSource> open_file(const std::string& path) {
  Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd.valid()) {
    if (errno == ENOENT || errno == ENOTDIR) {
      throw NotFoundError{"FileBox: there is no file \"" + path + "\""};
    }
    throw_file_error("open", path, errno);
  }
  return std::make_unique<FileSource>(std::move(fd), path);
}

void write_all(int fd, std::span<const std::byte> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_file_error("write", path, errno);
    }
  }
}

}  // namespace wechaty::puppet
