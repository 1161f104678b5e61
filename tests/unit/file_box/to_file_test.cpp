// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "support/temp_folder.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet {
namespace {

using test::read_text;
using test::TempFolder;
using testing::ElementsAre;

/// Calls `at_end` when it was read, which may throw.
class Watched final : public ByteSource {
 public:
  explicit Watched(std::function<void()> at_end) : at_end_{std::move(at_end)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    if (std::exchange(read_, true)) {
      at_end_();
      return 0;
    }
    buffer[0] = std::byte{'x'};
    return 1;
  }

 private:
  std::function<void()> at_end_;
  bool read_ = false;
};

TEST(ToFile, DoesNotOverwriteUnasked) {
  const TempFolder folder;
  const auto box = FileBox::from_buffer("new");
  test::write_text(folder / "x", "old");
  EXPECT_THROW(box.to_file(folder / "x"), ConflictError);
  EXPECT_EQ(read_text(folder / "x"), "old");
  box.to_file(folder / "x", true);
  EXPECT_EQ(read_text(folder / "x"), "new");
  EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(ToFile, NothingIsLeftOfAFailure) {
  const TempFolder folder;
  const auto fail = [] { throw NetworkError{"the line is dead"}; };
  EXPECT_THROW(FileBox::from_stream(std::make_unique<Watched>(fail)).to_file(folder / "x"),
               NetworkError);
  EXPECT_THAT(folder.names(), ElementsAre());
  test::write_text(folder / "x", "old");
  EXPECT_THROW(FileBox::from_stream(std::make_unique<Watched>(fail)).to_file(folder / "x", true),
               NetworkError);
  EXPECT_THAT(folder.names(), ElementsAre("x"));
  EXPECT_EQ(read_text(folder / "x"), "old");
}

TEST(ToFile, TheFileIsThereWhenItIsWhole) {
  const TempFolder folder;
  bool there = true;
  const auto look = [&] { there = std::filesystem::exists(folder / "x"); };
  FileBox::from_stream(std::make_unique<Watched>(look)).to_file(folder / "x");
  EXPECT_FALSE(there);
  EXPECT_EQ(read_text(folder / "x"), "x");
}

TEST(ToFile, WhoeverComesInBetweenIsNotOverwritten) {
  const TempFolder folder;
  const auto come = [&] { test::write_text(folder / "x", "somebody's"); };
  EXPECT_THROW(FileBox::from_stream(std::make_unique<Watched>(come)).to_file(folder / "x"),
               ConflictError);
  EXPECT_EQ(read_text(folder / "x"), "somebody's");
  EXPECT_THAT(folder.names(), ElementsAre("x"));
}

TEST(ToFile, ALinkIsFollowedOnlyWhenItMayBeOverwritten) {
  const TempFolder folder;
  std::filesystem::create_symlink("target", folder / "link");
  const auto box = FileBox::from_buffer("content");
  EXPECT_THROW(box.to_file(folder / "link"), ConflictError);
  box.to_file(folder / "link", true);
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(read_text(folder / "target"), "content");
}

TEST(ToFile, RightsStayWhenItIsOverwritten) {
  const TempFolder folder;
  test::write_text(folder / "x", "old");
  ::chmod((folder / "x").c_str(), 0600);
  FileBox::from_buffer("new").to_file(folder / "x", true);
  struct stat status {};
  ASSERT_EQ(::stat((folder / "x").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST(ToFile, APipeStaysAPipe) {
  const TempFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  auto reader = std::async(std::launch::async, [&] { return read_text(folder / "pipe"); });
  FileBox::from_buffer("content").to_file(folder / "pipe", true);
  EXPECT_EQ(reader.get(), "content");
  EXPECT_TRUE(std::filesystem::is_fifo(folder / "pipe"));
}

TEST(ToFile, AFullDiskIsSaid) {
  EXPECT_THROW(FileBox::from_buffer("content").to_file("/dev/full", true), StorageError);
  EXPECT_THROW(FileBox::from_buffer("x").to_file("/no/such/folder/x"), StorageError);
}

}  // namespace
}  // namespace wechaty::puppet
