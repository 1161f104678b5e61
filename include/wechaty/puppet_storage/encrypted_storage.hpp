// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet_storage {

/// Secret keys of 32 bytes: the first encrypts, every one decrypts.
///
/// To change the key, put the new one in front, restart, and take the old one away once the card
/// was saved. The memory is wiped with the last copy.
class EncryptionKeys {
 public:
  /// @param text  keys of 64 hexadecimal digits or 44 characters of base64, with commas, blanks or
  ///              line ends between them
  /// @throws InvalidArgumentError, which does not quote them
  [[nodiscard]] static EncryptionKeys parse(std::string_view text);
  /// @throws StorageError when it cannot be read; InvalidArgumentError as parse(), or when others
  ///         than its owner may read it
  [[nodiscard]] static EncryptionKeys from_file(const std::string& path);
  /// WECHATY_PUPPET_MEMORY_KEY, or else the file that WECHATY_PUPPET_MEMORY_KEY_FILE names; nullopt
  /// when neither is set.
  [[nodiscard]] static std::optional<EncryptionKeys> from_environment();
  /// A new random key in base64.
  [[nodiscard]] static std::string generate();

 private:
  friend class EncryptedStorage;
  struct Data;
  explicit EncryptionKeys(std::shared_ptr<const Data> data);
  std::shared_ptr<const Data> data_;
};

/// What to do with a card that is not encrypted.
enum class PlainDocuments {
  refuse,  ///< like a damaged one: otherwise who can write the file could slip in a card
  accept,  ///< for the way over; the next save encrypts it
};

/// Encrypts the documents of another storage at rest.
///
/// What is stored is one line, `wechaty-encrypted-1 <key id> <base64 of nonce and ciphertext>`
/// (XChaCha20-Poly1305 of libsodium, a random nonce for every save). It is no JSON, so that a bot
/// without the key sets it aside instead of adding to it. A card that was tampered with is refused
/// like a damaged one; one of a key that is not there is a StorageError, so that a forgotten
/// variable costs no session. Who can write to the store can still put back an older card of ours.
///
/// Thread: as the storage inside.
class EncryptedStorage final : public puppet::MemoryStorage {
 public:
  EncryptedStorage(std::shared_ptr<puppet::MemoryStorage> inner, EncryptionKeys keys,
                   PlainDocuments plain = PlainDocuments::refuse);
  ~EncryptedStorage() override;

  [[nodiscard]] std::string describe() const override;
  [[nodiscard]] std::optional<puppet::StoredDocument> load() override;
  [[nodiscard]] std::string save(std::string_view document,
                                 const std::string& expected_version) override;
  void destroy() override;
  std::string set_aside(const std::string& expected_version) override;
  [[nodiscard]] std::unique_ptr<puppet::StorageLease> acquire_lease(
      puppet::LeaseOptions options) override;

 private:
  const std::shared_ptr<puppet::MemoryStorage> inner_;
  const EncryptionKeys keys_;
  const PlainDocuments plain_;
};

}  // namespace wechaty::puppet_storage
