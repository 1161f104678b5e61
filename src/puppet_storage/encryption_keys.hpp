// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sodium.h>

#include <array>
#include <string>
#include <vector>

#include "wechaty/puppet_storage/encrypted_storage.hpp"

namespace wechaty::puppet_storage {

/// @throws StorageError when libsodium cannot be started
void init_sodium();

struct EncryptionKeys::Data {
  using Key = std::array<unsigned char, crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;
  struct Entry {
    Key key;
    std::string id;  // 16 hexadecimal digits of a hash of the key
  };

  Data() = default;
  Data(const Data&) = delete;
  Data& operator=(const Data&) = delete;
  ~Data() {
    for (auto& entry : entries) sodium_memzero(entry.key.data(), entry.key.size());
  }

  std::vector<Entry> entries;
};

}  // namespace wechaty::puppet_storage
