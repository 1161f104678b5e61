// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "wechaty/puppet/file_box/file_box_resolver.hpp"

namespace wechaty::puppet {

struct UuidStoreOptions {
  std::string folder{};  ///< where the store makes a folder of its own; "": the system's temporary
  std::chrono::milliseconds max_age{std::chrono::minutes{30}};
  std::uint64_t max_bytes = std::uint64_t{1} << 30U;  ///< of all contents together
  std::size_t max_contents = 10'000;
};

/// Contents on disk for a while, under random UUIDs.
///
/// They are in a folder of this store alone, which only its owner may enter (0700). A content goes
/// when it is `max_age` old, all go with the store; what a killed process left behind goes when the
/// next store is made in the same place. A reader that has begun reads on to the end whatever goes.
///
/// Thread: every function may be called from any thread, several at once. A store that has ever
/// held something has a thread, which waits for the oldest content to expire.
/// Source: npm file-box UniformResourceNameRegistry.
/// Differs: belongs to an instance; ids that are no UUIDs are refused; a quota; an expiry of 30
/// minutes instead of 20 days; save returns when all is written.
class UuidStore final : public FileBoxResolver {
 public:
  /// A content that arrives in pieces.
  ///
  /// Thread: one at a time. May outlive the store, and then throws StorageError.
  class Writer {
   public:
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    virtual ~Writer() = default;  ///< without finish() nothing stays

    /// @throws TooLargeError when the store's quota is full; StorageError when the disk fails. The
    ///         content is gone then.
    /// Effects: writes to the disk at once; keeps nothing in memory.
    virtual void write(std::span<const std::byte> chunk) = 0;
    /// @result the UUID (version 4) under which the content can be loaded from now on
    /// @throws StorageError after a failed write, or a second time
    [[nodiscard]] virtual std::string finish() = 0;

   protected:
    Writer() = default;
  };

  struct Usage {
    std::size_t contents = 0;  ///< with those that are being written
    std::uint64_t bytes = 0;

    bool operator==(const Usage&) const = default;
  };

  /// @throws StorageError when no folder can be made; InvalidArgumentError when `max_age` is not
  ///         positive
  explicit UuidStore(UuidStoreOptions options = {});
  /// Removes everything.
  ~UuidStore() override;

  /// @throws TooLargeError when there are `max_contents` already; StorageError when the disk fails
  [[nodiscard]] std::unique_ptr<Writer> writer();
  /// Reads `content` to its end, in pieces of 64 KiB.
  /// @throws as writer() and Writer::write() do, and what `content` throws
  std::string save_uuid(ByteSource& content) override;
  /// @throws InvalidArgumentError when it is no UUID; NotFoundError when there is no such content,
  ///         or not any more
  std::unique_ptr<ByteSource> load_uuid(const std::string& uuid) override;
  [[nodiscard]] Usage usage() const;
  /// The folder with the contents.
  [[nodiscard]] const std::string& folder() const;

  /// Whether it has the form of a UUID (RFC 9562), in small or capital letters.
  [[nodiscard]] static bool is_uuid(std::string_view text);

 private:
  struct State;
  class FileWriter;

  std::shared_ptr<State> state_;
};

}  // namespace wechaty::puppet
