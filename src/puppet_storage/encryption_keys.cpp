// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/encryption_keys.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "puppet/memory/posix_file.hpp"
#include "puppet_storage/base64.hpp"
#include "puppet_storage/environment.hpp"

namespace wechaty::puppet_storage {

using puppet::InvalidArgumentError;
using puppet::StorageError;

namespace {

std::optional<std::string> key_bytes(std::string_view text) {
  constexpr std::size_t size = crypto_aead_xchacha20poly1305_ietf_KEYBYTES;
  if (text.size() == 2 * size) {
    std::string bytes(size, '\0');
    std::size_t length = 0;
    const int failed = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.data()), size,
                                      text.data(), text.size(), nullptr, &length, nullptr);
    if (failed == 0 && length == size) return bytes;
    return std::nullopt;
  }
  auto bytes = from_base64(text);
  if (bytes && bytes->size() == size) return bytes;
  return std::nullopt;
}

std::string id_of(const std::string& key) {
  std::array<unsigned char, crypto_generichash_BYTES> hash{};
  constexpr std::string_view purpose = "wechaty memory card key id";
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(key.data()),
                     key.size(), reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size());
  std::array<char, 17> hex{};
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), 8);
  return hex.data();
}

}  // namespace

void init_sodium() {
  static const int result = sodium_init();
  if (result < 0) throw StorageError{"libsodium cannot be started"};
}

EncryptionKeys::EncryptionKeys(std::shared_ptr<const Data> data) : data_{std::move(data)} {}

EncryptionKeys EncryptionKeys::parse(std::string_view text) {
  init_sodium();
  auto data = std::make_shared<Data>();
  constexpr std::string_view separators = ", \t\r\n";
  while (true) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) break;
    text.remove_prefix(begin);
    const auto length = std::min(text.find_first_of(separators), text.size());
    auto bytes = key_bytes(text.substr(0, length));
    if (!bytes) {
      throw InvalidArgumentError{"memory card key " + std::to_string(data->entries.size() + 1) +
                                 ": it has to be 32 bytes in base64 or hexadecimal digits, as "
                                 "`openssl rand -base64 32` makes them"};
    }
    Data::Entry entry{.key = {}, .id = id_of(*bytes)};
    std::copy(bytes->begin(), bytes->end(), entry.key.begin());
    data->entries.push_back(std::move(entry));
    sodium_memzero(bytes->data(), bytes->size());
    text.remove_prefix(length);
  }
  if (data->entries.empty()) throw InvalidArgumentError{"memory card key: there is none"};
  return EncryptionKeys{std::move(data)};
}

EncryptionKeys EncryptionKeys::from_file(const std::string& path) {
  const puppet::memory::Fd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd.valid()) puppet::memory::throw_errno("open the key file", path, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) puppet::memory::throw_errno("examine", path, errno);
  if ((status.st_mode & 0077U) != 0) {
    throw InvalidArgumentError{"the key file " + path +
                               " may be read by others than its owner: chmod 600 it"};
  }
  std::string text(65'536, '\0');
  const auto size = ::read(fd.get(), text.data(), text.size());
  if (size < 0) puppet::memory::throw_errno("read the key file", path, errno);
  auto keys = parse(std::string_view{text}.substr(0, static_cast<std::size_t>(size)));
  sodium_memzero(text.data(), text.size());
  return keys;
}

std::optional<EncryptionKeys> EncryptionKeys::from_environment() {
  if (const auto text = environment("WECHATY_PUPPET_MEMORY_KEY"); !text.empty()) return parse(text);
  const auto path = environment("WECHATY_PUPPET_MEMORY_KEY_FILE");
  if (path.empty()) return std::nullopt;
  return from_file(path);
}

std::string EncryptionKeys::generate() {
  init_sodium();
  std::string bytes(crypto_aead_xchacha20poly1305_ietf_KEYBYTES, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return to_base64(bytes);
}

}  // namespace wechaty::puppet_storage
