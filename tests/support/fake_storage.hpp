// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wechaty/puppet/memory/memory_storage.hpp"

namespace wechaty::puppet::test {

/// A storage in the test's memory: shows what is stored, counts, and fails on order.
class FakeStorage final : public MemoryStorage {
 public:
  /// What a call does before it touches the document; may throw.
  using Hook = std::function<void()>;

  [[nodiscard]] std::string describe() const override { return "fake storage"; }

  [[nodiscard]] std::optional<StoredDocument> load() override {
    run(before_load);
    const std::scoped_lock lock{mutex_};
    if (!text_) return std::nullopt;
    return StoredDocument{.text = *text_, .version = std::to_string(version_)};
  }

  [[nodiscard]] std::string save(std::string_view document,
                                 const std::string& expected_version) override {
    run(before_save);
    std::string version;
    {
      const std::scoped_lock lock{mutex_};
      const std::string actual = text_ ? std::to_string(version_) : std::string{};
      if (actual != expected_version) {
        throw ConflictError{"fake storage: expected version '" + expected_version + "', found '" +
                            actual + "'"};
      }
      text_ = document;
      ++saves_;
      version = std::to_string(++version_);
    }
    run(after_save);
    return version;
  }

  void destroy() override {
    run(before_destroy);
    const std::scoped_lock lock{mutex_};
    text_.reset();
  }

  std::string set_aside(const std::string& expected_version) override {
    run(before_set_aside);
    const std::scoped_lock lock{mutex_};
    if (!text_ || std::to_string(version_) != expected_version) {
      throw ConflictError{"fake storage: set_aside of another version"};
    }
    aside_.push_back(std::move(*text_));
    text_.reset();
    return "fake." + std::to_string(aside_.size());
  }

  /// What another process would do.
  void store(std::string text) {
    const std::scoped_lock lock{mutex_};
    text_ = std::move(text);
    ++version_;
  }
  [[nodiscard]] std::optional<std::string> text() const {
    const std::scoped_lock lock{mutex_};
    return text_;
  }
  [[nodiscard]] int saves() const {
    const std::scoped_lock lock{mutex_};
    return saves_;
  }
  [[nodiscard]] std::vector<std::string> aside() const {
    const std::scoped_lock lock{mutex_};
    return aside_;
  }

  // Set them before other threads use the storage.
  Hook before_load, before_save, after_save, before_destroy, before_set_aside;

 private:
  static void run(const Hook& hook) {
    if (hook) hook();
  }

  mutable std::mutex mutex_;  // guards all below
  std::optional<std::string> text_;
  int version_ = 0;
  int saves_ = 0;
  std::vector<std::string> aside_;
};

}  // namespace wechaty::puppet::test
