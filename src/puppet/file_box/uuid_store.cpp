// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/uuid_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "puppet/engine/uuid.hpp"
#include "puppet/file_box/file_io.hpp"
#include "puppet/file_box/private_folder.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

using Clock = std::chrono::steady_clock;

std::string in_small_letters(std::string_view uuid) {
  std::string result{uuid};
  for (char& c : result) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

struct UuidStore::State {
  explicit State(UuidStoreOptions wanted) : options{std::move(wanted)} {}

  /// Where a content is; only ids that random_uuid() made get here.
  [[nodiscard]] std::string path(const std::string& uuid) const {
    return folder->path() + "/" + uuid;
  }
  void give_back(std::uint64_t size) {
    const std::lock_guard lock{mutex};
    --usage.contents;
    usage.bytes -= size;
  }
  void expire(std::stop_token stop);
  void close();

  const UuidStoreOptions options;

  std::mutex mutex;  // guards everything below
  std::condition_variable_any changed;
  std::unique_ptr<PrivateFolder> folder = std::make_unique<PrivateFolder>(options.folder);
  std::map<std::string, std::uint64_t> sizes;
  std::deque<std::pair<Clock::time_point, std::string>> expiries;  // in their order
  Usage usage;
  bool closed = false;
  std::jthread expirer;
};

void UuidStore::State::expire(std::stop_token stop) {
  std::unique_lock lock{mutex};
  while (!stop.stop_requested()) {
    if (expiries.empty()) {
      changed.wait(lock, stop, [this] { return !expiries.empty(); });
    } else if (const auto& [when, uuid] = expiries.front(); when <= Clock::now()) {
      ::unlink(path(uuid).c_str());
      --usage.contents;
      usage.bytes -= sizes.extract(uuid).mapped();
      expiries.pop_front();
    } else {
      changed.wait_until(lock, stop, Clock::time_point{when}, [] { return false; });
    }
  }
}

void UuidStore::State::close() {
  std::jthread thread;
  {
    const std::lock_guard lock{mutex};
    closed = true;
    thread = std::move(expirer);
  }
  thread = {};  // asked to stop and joined, without the mutex that it needs
  const std::lock_guard lock{mutex};
  folder.reset();
}

class UuidStore::FileWriter final : public Writer {
 public:
  explicit FileWriter(std::shared_ptr<State> state) : state_{std::move(state)} {
    const std::lock_guard lock{state_->mutex};
    if (state_->usage.contents >= state_->options.max_contents) {
      throw TooLargeError{"UuidStore: it holds " + std::to_string(state_->usage.contents) +
                          " contents already, which is its limit"};
    }
    path_ = state_->path(uuid_);
    fd_ = Fd{::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    if (!fd_.valid()) throw_file_error("make", path_, errno);
    ++state_->usage.contents;
  }
  ~FileWriter() override { give_up(); }

  void write(std::span<const std::byte> chunk) override {
    require_open();
    try {
      reserve(chunk.size());
      write_all(fd_.get(), chunk, path_);
    } catch (...) {
      give_up();
      throw;
    }
  }

  std::string finish() override {
    require_open();
    const std::lock_guard lock{state_->mutex};
    require_store();
    fd_ = Fd{};
    const auto when = Clock::now() + state_->options.max_age;
    state_->sizes.emplace(uuid_, size_);
    state_->expiries.emplace_back(when, uuid_);
    if (!state_->expirer.joinable()) {
      state_->expirer =
          std::jthread{[state = state_.get()](std::stop_token stop) { state->expire(stop); }};
    }
    state_->changed.notify_one();
    return uuid_;
  }

 private:
  void require_open() const {
    if (!fd_.valid()) throw StorageError{"UuidStore: this content was finished, or has failed"};
  }
  void require_store() const {  // under the mutex
    if (state_->closed) throw StorageError{"UuidStore: the store is gone"};
  }
  void reserve(std::size_t size) {
    const std::lock_guard lock{state_->mutex};
    require_store();
    if (size > state_->options.max_bytes - state_->usage.bytes) {
      throw TooLargeError{"UuidStore: no room for more than " +
                          std::to_string(state_->options.max_bytes) + " bytes in all"};
    }
    state_->usage.bytes += size;
    size_ += size;
  }
  void give_up() {
    if (!fd_.valid()) return;
    fd_ = Fd{};
    ::unlink(path_.c_str());
    state_->give_back(size_);
  }

  const std::shared_ptr<State> state_;
  const std::string uuid_ = random_uuid();
  std::string path_;
  Fd fd_;
  std::uint64_t size_ = 0;
};

UuidStore::UuidStore(UuidStoreOptions options) {
  if (options.max_age <= std::chrono::milliseconds{0}) {
    throw InvalidArgumentError{"UuidStore: max_age has to be positive"};
  }
  state_ = std::make_shared<State>(std::move(options));
}

UuidStore::~UuidStore() { state_->close(); }

std::unique_ptr<UuidStore::Writer> UuidStore::writer() {
  return std::make_unique<FileWriter>(state_);
}

std::string UuidStore::save_uuid(ByteSource& content) {
  FileWriter writer{state_};
  read_all(content, [&](std::span<const std::byte> chunk) { writer.write(chunk); });
  return writer.finish();
}

std::unique_ptr<ByteSource> UuidStore::load_uuid(const std::string& uuid) {
  if (!is_uuid(uuid)) throw InvalidArgumentError{"UuidStore: that is no UUID"};
  const std::lock_guard lock{state_->mutex};
  const auto entry = state_->sizes.find(in_small_letters(uuid));
  if (entry == state_->sizes.end()) {
    throw NotFoundError{"UuidStore: there is no content " + in_small_letters(uuid) +
                        ", or not any more"};
  }
  return open_file(state_->path(entry->first));
}

UuidStore::Usage UuidStore::usage() const {
  const std::lock_guard lock{state_->mutex};
  return state_->usage;
}

const std::string& UuidStore::folder() const { return state_->folder->path(); }

bool UuidStore::is_uuid(std::string_view text) {
  constexpr std::string_view pattern = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const auto fits = [](char c, char wanted) {
    const bool is_hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return wanted == 'x' ? is_hex : c == '-';
  };
  return text.size() == pattern.size() &&
         std::equal(text.begin(), text.end(), pattern.begin(), fits);
}

}  // namespace wechaty::puppet
