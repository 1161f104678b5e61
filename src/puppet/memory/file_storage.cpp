// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/file_storage.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "puppet/memory/content_hash.hpp"
#include "puppet/memory/lease_owner.hpp"
#include "puppet/memory/posix_file.hpp"

namespace wechaty::puppet {
namespace {

using memory::FileLock;
using memory::FileText;

constexpr std::string_view ending = ".memory-card.json";

std::string version_of(const FileText& file) {
  if (file.too_large) return "oversize-" + std::to_string(file.size);
  return memory::content_hash(file.text);
}

/// Throws ConflictError unless the file is what the caller has seen last.
void require_version(const std::string& path, const std::string& expected) {
  const auto current = memory::read_file(path, MemoryStorage::max_document_bytes);
  const std::string actual = current ? version_of(*current) : std::string{};
  if (actual == expected) return;
  const auto name = [](const std::string& version) {
    return version.empty() ? std::string{"no document"} : "version " + version;
  };
  throw ConflictError{"memory card file " + path + ": expected " + name(expected) + ", found " +
                      name(actual) + ": another process has written this card; reload it"};
}

/// A name beside `path` that is not taken.
std::string damaged_name(const std::string& path) {
  const std::string base = path + ".damaged-" + memory::utc_stamp();
  std::string name = base;
  struct stat status {};
  for (int count = 2; ::lstat(name.c_str(), &status) == 0; ++count) {
    name = base + "-" + std::to_string(count);
  }
  return name;
}

std::string absolute_path(std::string_view name) {
  if (name.empty()) throw InvalidArgumentError{"FileStorage: the name of a memory card is empty"};
  if (name.find('\0') != std::string_view::npos) {
    throw InvalidArgumentError{"FileStorage: the name of a memory card contains a NUL"};
  }
  auto path = std::filesystem::absolute(std::filesystem::path{name}).lexically_normal().string();
  if (!path.ends_with(ending)) path += ending;
  return path;
}

}  // namespace

struct FileStorage::LeaseState {
  LeaseState(FileLock lock_of_lease, LeaseOptions lease_options)
      : lock{std::move(lock_of_lease)}, options{std::move(lease_options)} {}

  /// Whether the lease file is still the one that others would lock: it is not if it was deleted.
  [[nodiscard]] bool intact() const noexcept {
    struct stat status {};
    return ::fstat(lock.fd(), &status) == 0 && status.st_nlink > 0;
  }

  FileLock lock;
  LeaseOptions options;
  std::uint64_t number = 0;
  std::atomic<bool> released{false};
  std::atomic<bool> told{false};

  /// Throws LeaseLostError when the lease that this storage has acquired is gone.
  void require(const std::string& path) {
    if (released.load()) return;
    if (intact()) return;
    const std::string why = "the lease file of memory card " + path + " was removed";
    if (!told.exchange(true) && options.on_lost) options.on_lost(why);
    throw LeaseLostError{why + ": another process may use the session now"};
  }
};

class FileStorage::Lease final : public StorageLease {
 public:
  explicit Lease(std::shared_ptr<LeaseState> state) : state_{std::move(state)} {}
  ~Lease() override {
    state_->released = true;
    // Unlocked, not closed: a save on another thread may be looking at it.
    (void)::flock(state_->lock.fd(), LOCK_UN);
  }

  [[nodiscard]] std::uint64_t fencing_number() const noexcept override { return state_->number; }
  [[nodiscard]] bool held() const noexcept override { return state_->intact(); }

 private:
  std::shared_ptr<LeaseState> state_;
};

FileStorage::FileStorage(std::string_view name) : path_{absolute_path(name)} {}
FileStorage::~FileStorage() = default;

std::string FileStorage::describe() const { return "file " + path_; }

std::optional<StoredDocument> FileStorage::load() {
  const std::string path = memory::follow_links(path_);
  // Reading takes no lock, so that a card in a read-only folder can be read: rename shows us the
  // old document or the new one.
  auto file = memory::read_file(path, max_document_bytes);
  if (::access((path + ".tmp").c_str(), F_OK) == 0) {
    // Left over from a crash, or a save under way: who gets the lock knows. It holds a session,
    // so it has to go; but a folder that we may not write to is no reason to fail a load.
    try {
      if (const auto lock = FileLock::try_lock(path + ".lock")) memory::remove_file(path + ".tmp");
    } catch (const StorageError&) {
    }
  }
  if (!file) return std::nullopt;
  std::string version = version_of(*file);
  if (file->too_large) {
    throw DamagedDocumentError{describe() + " has " + std::to_string(file->size) +
                                   " bytes, which is more than a memory card may have",
                               std::move(version)};
  }
  return StoredDocument{.text = std::move(file->text), .version = std::move(version)};
}

std::string FileStorage::save(std::string_view document, const std::string& expected_version) {
  const std::string path = memory::follow_links(path_);
  const FileLock lock{path + ".lock"};
  if (lease_) lease_->require(path);
  require_version(path, expected_version);
  memory::replace_file(path, document);
  return memory::content_hash(document);
}

void FileStorage::destroy() {
  const std::string path = memory::follow_links(path_);
  const std::string folder = memory::folder_of(path);
  if (::access(folder.c_str(), F_OK) != 0 && errno == ENOENT) return;  // nothing can be there
  const FileLock lock{path + ".lock"};
  if (lease_) lease_->require(path);
  memory::remove_file(path);
  memory::remove_file(path + ".tmp");
  if (!lease_ || lease_->released.load()) {
    const auto unused = FileLock::try_lock(path + ".lease");
    if (unused) memory::remove_file(path + ".lease");
  }
  memory::remove_file(path + ".lock");  // last: whoever waits for it sees that it is gone
  memory::sync_folder(folder);
}

std::string FileStorage::set_aside(const std::string& expected_version) {
  const std::string path = memory::follow_links(path_);
  const FileLock lock{path + ".lock"};
  require_version(path, expected_version);
  std::string name = damaged_name(path);
  if (::rename(path.c_str(), name.c_str()) != 0) memory::throw_errno("set aside", path, errno);
  memory::sync_folder(memory::folder_of(path));
  return name;
}

std::unique_ptr<StorageLease> FileStorage::acquire_lease(LeaseOptions options) {
  const std::string path = memory::follow_links(path_);
  auto lock = FileLock::try_lock(path + ".lease");
  const auto previous = memory::read_file(path + ".lease", 4096);
  if (!lock) {
    throw ConflictError{"memory card file " + path + " is in use by " +
                        (previous ? memory::owner_in(previous->text) : std::string{"somebody"})};
  }
  if (options.owner.empty()) options.owner = memory::default_owner();
  // Grows also when the file was deleted in between, as long as the clock does not go backwards.
  const auto number = std::max(memory::number_in(previous ? previous->text : std::string{}) + 1,
                               memory::milliseconds_now());
  const std::string text = std::to_string(number) + " " + options.owner + "\n";
  if (::ftruncate(lock->fd(), 0) != 0 ||
      ::pwrite(lock->fd(), text.data(), text.size(), 0) != static_cast<ssize_t>(text.size())) {
    memory::throw_errno("write", path + ".lease", errno);
  }
  auto state = std::make_shared<LeaseState>(std::move(*lock), std::move(options));
  state->number = number;
  lease_ = state;
  return std::make_unique<Lease>(std::move(state));
}

}  // namespace wechaty::puppet
