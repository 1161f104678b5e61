// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet {

/// A card in a file, under the name that the npm package memory-card gives it.
///
/// Files beside `bot.memory-card.json`, all with mode 0600:
/// - `.tmp`: the next document while it is written; one left by a crash is removed by the next
///   load, save or destroy;
/// - `.lock`: held (flock) while the document is read, compared and replaced;
/// - `.lease`: held (flock) by the process that acquired the lease; the kernel frees it with the
///   process, so it is lost only if somebody removes the file, which the next save notices;
/// - `.damaged-<UTC time>`: a document that was set aside; never removed by the library.
///
/// A symbolic link is followed: the file that it points to is replaced, not the link. The folder
/// has to exist, and to allow flock and rename (local file systems, NFS 4).
///
/// Thread: any. Source: contract R4.3 to R4.6; memory-card src/storage/file.ts.
/// Differs: there a save overwrites the file in place with default permissions.
class FileStorage final : public MemoryStorage {
 public:
  /// @param name  not empty, no NUL; made absolute against the working directory of now, and
  ///              given the ending `.memory-card.json` unless it has it. Touches no file.
  /// @throws InvalidArgumentError on a bad name
  explicit FileStorage(std::string_view name);
  ~FileStorage() override;

  /// The absolute path of the document.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  [[nodiscard]] std::string describe() const override;
  /// Also takes the rights of group and others from a document that has them.
  [[nodiscard]] std::optional<StoredDocument> load() override;
  [[nodiscard]] std::string save(std::string_view document,
                                 const std::string& expected_version) override;
  void destroy() override;
  std::string set_aside(const std::string& expected_version) override;
  [[nodiscard]] std::unique_ptr<StorageLease> acquire_lease(LeaseOptions options) override;

 private:
  class Lease;
  struct LeaseState;

  std::string path_;
  std::shared_ptr<LeaseState> lease_;  // of the last lease acquired; outlives the Lease object
};

}  // namespace wechaty::puppet
