// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

/// What a storage holds: the text, and the version that the next save has to name.
struct StoredDocument {
  std::string text;     ///< the JSON document, UTF-8
  std::string version;  ///< opaque and never empty: a content hash, a revision, an ETag

  bool operator==(const StoredDocument&) const = default;
};

/// Something is stored, and it can never be read as a card, however often one tries: it is too
/// large, was tampered with, or is no JSON object. The MemoryCard sets it aside (contract R4.4).
///
/// Its message says what and where, never a value of the session.
class DamagedDocumentError : public StorageError {
 public:
  DamagedDocumentError(const std::string& what, std::string version)
      : StorageError{what}, version_{std::move(version)} {}

  /// The version to name in set_aside().
  [[nodiscard]] const std::string& version() const noexcept { return version_; }

 private:
  std::string version_;
};

/// The lease that this process had on a card is gone, so it must not write to it any more.
class LeaseLostError : public ConflictError {
 public:
  using ConflictError::ConflictError;
};

/// How a lease is taken.
struct LeaseOptions {
  /// A holder that crashed is forgotten after this time; renewed every third of it. At least 1 s.
  /// A file lock ignores it: the kernel drops it with the process.
  std::chrono::milliseconds ttl{15'000};
  /// Who holds it, for the other side's error message; empty: host name and process id.
  std::string owner{};
  /// Called once, on the lease's thread, when the lease is lost without release(): somebody else
  /// may be logged in with this session from now on. The argument says why.
  /// It must not call load, save, destroy or the lease functions of the card.
  std::function<void(const std::string& why)> on_lost{};
};

/// The right to be the only one that uses a card. Destruction releases it.
class StorageLease {
 public:
  StorageLease() = default;
  StorageLease(const StorageLease&) = delete;
  StorageLease& operator=(const StorageLease&) = delete;
  virtual ~StorageLease() = default;

  /// A number that grows with every holder of this card, so that a third party can refuse the
  /// orders of an older one.
  [[nodiscard]] virtual std::uint64_t fencing_number() const noexcept = 0;
  /// Whether it is still ours, as far as this process can know. Thread: any; does not block.
  [[nodiscard]] virtual bool held() const noexcept = 0;
};

/// Where the document of one memory card lives: a file, a Redis key, an S3 object.
///
/// One object stands for one card. A storage knows nothing of keys and values; it moves one text,
/// whole, and lets nobody overwrite what they have not seen.
///
/// Thread: any, but the MemoryCard calls one function at a time. All but describe() block for the
/// time of the I/O.
/// Source: contract R3.3, R4; memory-card src/storage/backend.ts.
/// Differs: there save() overwrites whatever is stored.
class MemoryStorage {
 public:
  /// Documents above this size are refused both ways: an accident, not a session.
  static constexpr std::size_t max_document_bytes = 64U * 1024U * 1024U;

  MemoryStorage() = default;
  MemoryStorage(const MemoryStorage&) = delete;
  MemoryStorage& operator=(const MemoryStorage&) = delete;
  virtual ~MemoryStorage() = default;

  /// Where it is, for messages: "file /srv/bot.memory-card.json". Never a credential.
  [[nodiscard]] virtual std::string describe() const = 0;

  /// Read the document.
  ///
  /// @return nullopt when nothing is stored, which is no error
  /// @throws StorageError when it cannot be known what is stored: no permission, server down;
  ///         DamagedDocumentError when something is there that is no document
  [[nodiscard]] virtual std::optional<StoredDocument> load() = 0;

  /// Replace the document, atomically and durably: a crash leaves the old one or the new one.
  ///
  /// @param document          at most max_document_bytes
  /// @param expected_version  what load() or the last save() answered; empty: nothing is stored yet
  /// @return the version of what is stored now
  /// @throws ConflictError when something else is stored than expected (nothing is changed then);
  ///         StorageError when it cannot be stored, or it is unknown whether it was
  [[nodiscard]] virtual std::string save(std::string_view document,
                                         const std::string& expected_version) = 0;

  /// Remove the document and everything that earlier saves left beside it, durably, whatever its
  /// version is. Nothing stored is no error.
  ///
  /// @throws StorageError when it may still be there
  virtual void destroy() = 0;

  /// Move a document that cannot be used out of the way, under another name in the same place.
  ///
  /// @return the new name, for the operator
  /// @throws ConflictError when it is not that version any more; StorageError
  virtual std::string set_aside(const std::string& expected_version) = 0;

  /// Become the only user of this card, at once or not at all. While the lease is held, save() and
  /// destroy() of this object throw LeaseLostError as soon as it is lost.
  ///
  /// @throws ConflictError naming the holder when somebody else has it; StorageError;
  ///         UnsupportedError where the store has no means for it (the default)
  [[nodiscard]] virtual std::unique_ptr<StorageLease> acquire_lease(LeaseOptions options);
};

}  // namespace wechaty::puppet
