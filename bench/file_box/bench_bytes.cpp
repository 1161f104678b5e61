// SPDX-License-Identifier: Apache-2.0
// What it costs to move a content: base64 both ways beside OpenSSL's, files and streams beside
// plain read(2) and write(2). Both sides alternate in one run; medians of nine, and their ratio.
//   bench_bytes [FOLDER-FOR-FILES]      default: the folder for temporary files
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

namespace {

using namespace wechaty::puppet;
using Work = std::function<void()>;

constexpr std::size_t text_bytes = 24U << 20U;  // divisible by three: no padding
constexpr std::size_t file_bytes = 256U << 20U;

double seconds(const Work& work) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  work();
  return now() - begin;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const char* what, const Work& ours, const char* baseline, const Work& theirs,
             std::size_t bytes) {
  std::vector<double> a;
  std::vector<double> b;
  for (int round = 0; round < 9; ++round) {
    a.push_back(seconds(ours));
    b.push_back(seconds(theirs));
  }
  const double megabytes = static_cast<double>(bytes) / 1e6;
  std::printf("%-34s %7.0f MB/s   %-26s %7.0f MB/s   ratio %.2f\n", what, megabytes / median(a),
              baseline, megabytes / median(b), median(b) / median(a));
}

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error{what};
}

std::vector<std::byte> random_bytes(std::size_t size) {
  std::mt19937_64 random{1};
  std::vector<std::byte> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(random());
  return bytes;
}

void bench_base64() {
  const std::vector<std::byte> bytes = random_bytes(text_bytes);
  const FileBox buffer = FileBox::from_buffer(bytes);
  const std::string text = buffer.to_base64();
  const FileBox base64 = FileBox::from_base64(text);
  const auto* const in = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const digits = reinterpret_cast<const unsigned char*>(text.data());
  require(base64.to_buffer() == bytes, "base64 does not come back");

  compare(
      "base64, encode", [&] { require(buffer.to_base64().size() == text.size(), "size"); },
      "EVP_EncodeBlock",
      [&] {
        std::vector<unsigned char> out(text.size() + 1);
        EVP_EncodeBlock(out.data(), in, static_cast<int>(bytes.size()));
      },
      text_bytes);
  compare(
      "base64, decode", [&] { require(base64.to_buffer().size() == bytes.size(), "size"); },
      "EVP_DecodeBlock",
      [&] {
        std::vector<unsigned char> out(bytes.size() + 3);
        EVP_DecodeBlock(out.data(), digits, static_cast<int>(text.size()));
      },
      text_bytes);
  const auto drain = [](ByteSource& source) {
    std::vector<std::byte> chunk(65'536);
    std::size_t size = 0;
    while (const std::size_t count = source.read(chunk)) size += count;
    return size;
  };
  compare(
      "base64, encode piece by piece",
      [&] { require(drain(*buffer.open_base64()) == text.size(), "size"); },
      "EVP_EncodeBlock, 48 KiB",
      [&] {
        std::vector<unsigned char> out(65'537);
        for (std::size_t i = 0; i < bytes.size(); i += 49'152) {
          const std::size_t count = std::min<std::size_t>(49'152, bytes.size() - i);
          EVP_EncodeBlock(out.data(), in + i, static_cast<int>(count));
        }
      },
      text_bytes);
  compare(
      "base64, decode piece by piece",
      [&] { require(drain(*base64.open()) == bytes.size(), "size"); }, "EVP_DecodeBlock, 64 KiB",
      [&] {
        std::vector<unsigned char> out(49'155);
        for (std::size_t i = 0; i < text.size(); i += 65'536) {
          const std::size_t count = std::min<std::size_t>(65'536, text.size() - i);
          EVP_DecodeBlock(out.data(), digits + i, static_cast<int>(count));
        }
      },
      text_bytes);
}

/// The loop that a program would write, with the chunks that ours has.
void copy_plainly(const std::string& from, const std::string& to) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::vector<char> chunk(65'536);
  while (const ssize_t count = ::read(in, chunk.data(), chunk.size())) {
    require(count > 0 && ::write(out, chunk.data(), static_cast<std::size_t>(count)) == count,
            "copy");
  }
  ::close(in);
  ::close(out);
}

void bench_files(const std::string& folder) {
  const std::string from = folder + "/from";
  const std::string to = folder + "/to";
  FileBox::from_buffer(random_bytes(file_bytes)).to_file(from);
  const FileBox file = FileBox::from_file(from);
  const auto copy = [&] {
    std::filesystem::remove(to);
    copy_plainly(from, to);
  };
  const auto fresh = [&](const Work& work) {
    return [&to, work] {
      std::filesystem::remove(to);
      work();
    };
  };
  compare("file to file", fresh([&] { file.to_file(to); }), "read, write", copy, file_bytes);
  compare("stream to file", fresh([&] { FileBox::from_stream(file.open()).to_file(to); }),
          "read, write", copy, file_bytes);
  UuidStore store{{.folder = folder, .max_age = std::chrono::milliseconds{1}}};
  compare(
      "stream to UUID store", [&] { store.save_uuid(*file.open()); }, "read, write", copy,
      file_bytes);
  compare(
      "file, read only",
      [&] {
        std::size_t size = 0;
        file.pipe([&](std::span<const std::byte> chunk) { size += chunk.size(); });
        require(size == file_bytes, "size");
      },
      "read",
      [&] {
        const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
        std::vector<char> chunk(65'536);
        while (::read(in, chunk.data(), chunk.size()) > 0) {
        }
        ::close(in);
      },
      file_bytes);
}

}  // namespace

int main(int argc, char** argv) {
  bench_base64();
  std::string folder =
      (argc > 1 ? std::filesystem::path{argv[1]} : std::filesystem::temp_directory_path()) /
      "bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  bench_files(folder);
  std::filesystem::remove_all(folder);
}
