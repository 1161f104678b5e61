// SPDX-License-Identifier: Apache-2.0
// Two gigabytes pass in less than 20 MB of memory. Measured in children, by the kernel's own peak.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <string>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/naming.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

namespace wechaty::puppet {
namespace {

using test::TempFolder;

constexpr std::uint64_t two_gigabytes = std::uint64_t{2} << 30U;
constexpr std::uint64_t megabyte = 1'000'000;

/// The most memory that this process has had, in bytes (VmHWM).
std::uint64_t peak_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string word; status >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1'024;
  }
  return ~std::uint64_t{0};
}

/// Takes what it is given and keeps nothing.
std::uint64_t drain(ByteSource& source) {
  std::vector<std::byte> buffer(1U << 16U);
  std::uint64_t bytes = 0;
  while (const std::size_t count = source.read(buffer)) bytes += count;
  return bytes;
}

/// Zeros that take no room on the disk.
std::string sparse_file(const TempFolder& folder) {
  const std::string path = folder / "large.bin";
  test::write_text(path, "");
  if (::truncate(path.c_str(), static_cast<off_t>(two_gigabytes)) != 0) {
    throw std::runtime_error{"truncate"};
  }
  return path;
}

class LargeFile : public testing::Test {
 protected:
  /// Runs `pass` in a child of its own, whose peak starts anew there.
  static void expect_little_memory(const std::function<bool()>& pass) {
    const pid_t child = ::fork();
    if (child == 0) {
      std::ofstream{"/proc/self/clear_refs"} << "5";
      bool passed = false;
      try {
        passed = pass();
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
      }
      const std::uint64_t peak = peak_memory();
      std::fprintf(stderr, "peak %.1f MB\n", static_cast<double>(peak) / megabyte);
      ::_exit(!passed ? 1 : peak >= 20 * megabyte ? 2 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0) << "1: not passed whole, 2: 20 MB or more";
  }

  TempFolder folder_;
  std::string path_ = sparse_file(folder_);
};

TEST_F(LargeFile, TheMeasureSeesABufferOfThatSize) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::ofstream{"/proc/self/clear_refs"} << "5";
    const std::string held(30 * megabyte, 'x');
    ::_exit(held.back() == 'x' && peak_memory() >= 30 * megabyte ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_F(LargeFile, AFileBecomesAnotherFile) {
  expect_little_memory([&] {
    conventional(FileBox::from_file(path_)).to_file(folder_ / "copy.bin");
    struct stat copy {};
    const bool whole = ::stat((folder_ / "copy.bin").c_str(), &copy) == 0 &&
                       static_cast<std::uint64_t>(copy.st_size) == two_gigabytes;
    ::unlink((folder_ / "copy.bin").c_str());
    return whole;
  });
}

TEST_F(LargeFile, AStreamBecomesBase64) {
  expect_little_memory([&] {
    const auto box = FileBox::from_stream(FileBox::from_file(path_).open(), "large.bin");
    return drain(*conventional(box).open_base64()) == (two_gigabytes + 2) / 3 * 4;
  });
}

}  // namespace
}  // namespace wechaty::puppet
