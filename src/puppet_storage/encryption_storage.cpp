// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "puppet_storage/base64.hpp"
#include "puppet_storage/encryption_keys.hpp"
#include "wechaty/puppet_storage/encrypted_storage.hpp"

namespace wechaty::puppet_storage {

using puppet::DamagedDocumentError;
using puppet::InvalidArgumentError;
using puppet::StorageError;
using puppet::StoredDocument;

namespace {

constexpr std::string_view format = "wechaty-encrypted-1 ";
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// Authenticated together with the text: which format and which key.
std::string header(const std::string& key_id) { return std::string{format} + key_id + ' '; }

}  // namespace

EncryptedStorage::EncryptedStorage(std::shared_ptr<MemoryStorage> inner, EncryptionKeys keys,
                                   PlainDocuments plain)
    : inner_{std::move(inner)}, keys_{std::move(keys)}, plain_{plain} {
  if (!inner_) throw InvalidArgumentError{"EncryptedStorage: there is no storage inside"};
}
EncryptedStorage::~EncryptedStorage() = default;

std::string EncryptedStorage::describe() const { return inner_->describe() + " (encrypted)"; }

std::optional<StoredDocument> EncryptedStorage::load() {
  auto stored = inner_->load();
  if (!stored) return std::nullopt;
  const std::string_view text{stored->text};
  if (!text.starts_with(format)) {
    if (plain_ == PlainDocuments::accept) return stored;
    throw DamagedDocumentError{describe() +
                                   ": what is stored is not encrypted, and plain cards "
                                   "are not accepted here",
                               stored->version};
  }
  const auto end_of_id = text.find(' ', format.size());
  const std::string id{text.substr(format.size(), end_of_id == std::string_view::npos
                                                      ? std::string_view::npos
                                                      : end_of_id - format.size())};
  const auto& entries = keys_.data_->entries;
  const auto entry = std::find_if(entries.begin(), entries.end(),
                                  [&](const auto& candidate) { return candidate.id == id; });
  if (entry == entries.end()) {
    throw StorageError{describe() +
                       ": it was encrypted with a key that is not among the given "
                       "ones; add the old key behind the new one, or destroy the card"};
  }
  const auto sealed =
      end_of_id == std::string_view::npos ? std::nullopt : from_base64(text.substr(end_of_id + 1));
  const DamagedDocumentError tampered{describe() + ": the card was tampered with or is damaged",
                                      stored->version};
  if (!sealed || sealed->size() < nonce_size + tag_size) throw tampered;
  const std::string_view nonce = std::string_view{*sealed}.substr(0, nonce_size);
  const std::string_view cipher = std::string_view{*sealed}.substr(nonce_size);
  const std::string authenticated = header(id);
  std::string document(cipher.size() - tag_size, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          bytes_of(document), nullptr, nullptr, bytes_of(cipher), cipher.size(),
          bytes_of(authenticated), authenticated.size(), bytes_of(nonce), entry->key.data()) != 0) {
    throw tampered;
  }
  return StoredDocument{.text = std::move(document), .version = std::move(stored->version)};
}

std::string EncryptedStorage::save(std::string_view document, const std::string& expected_version) {
  const auto& entry = keys_.data_->entries.front();
  std::string sealed(nonce_size + document.size() + tag_size, '\0');
  randombytes_buf(sealed.data(), nonce_size);
  const std::string authenticated = header(entry.id);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      bytes_of(sealed) + nonce_size, nullptr, bytes_of(document), document.size(),
      bytes_of(authenticated), authenticated.size(), nullptr, bytes_of(sealed), entry.key.data());
  const std::string text = authenticated + to_base64(sealed);
  if (text.size() > max_document_bytes) {
    throw InvalidArgumentError{describe() + ": the card is too large once it is encrypted"};
  }
  return inner_->save(text, expected_version);
}

void EncryptedStorage::destroy() { inner_->destroy(); }

std::string EncryptedStorage::set_aside(const std::string& expected_version) {
  return inner_->set_aside(expected_version);
}

std::unique_ptr<puppet::StorageLease> EncryptedStorage::acquire_lease(
    puppet::LeaseOptions options) {
  return inner_->acquire_lease(std::move(options));
}

}  // namespace wechaty::puppet_storage
