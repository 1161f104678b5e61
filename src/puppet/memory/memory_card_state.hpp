// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "puppet/memory/card_entries.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

namespace wechaty::puppet {

/// What all handles of one card share.
struct MemoryCard::State {
  State(std::string card_name, std::shared_ptr<MemoryStorage> card_storage)
      : name{std::move(card_name)}, storage{std::move(card_storage)} {}

  const std::string name;
  const std::shared_ptr<MemoryStorage> storage;

  /// Held for a whole load, save or destroy. Guards the storage and the two below; taken before
  /// `mutex`, never while holding it.
  std::mutex io_mutex;
  std::string version;                 // of what is stored as far as we know; empty: nothing
  std::optional<std::string> damaged;  // version of a document that could not be set aside yet

  /// Guards all below; never held during I/O or a call-back.
  mutable std::mutex mutex;
  bool loaded = false;
  memory::CardEntries entries;
  std::uint64_t changes = 0;           // counted up with every change
  std::uint64_t saved_changes = 0;     // `changes` of the document that is stored
  std::string stored;                  // hash of the document of `version`; empty: nothing
  std::vector<std::string> uncertain;  // hashes of documents whose save failed: stored or not?
  std::shared_ptr<StorageLease> lease;

  void require_loaded() const {
    if (!loaded) throw InvalidArgumentError{title() + " is not loaded: call load() first"};
  }
  [[nodiscard]] std::string title() const { return "MemoryCard<" + name + ">"; }

  struct Found {
    memory::CardEntries entries;
    std::string hash;  // of the document
  };
  LoadResult load_stored();
  LoadResult try_load(Found& found);
  void put_aside(const std::string& bad_version, LoadResult& result);
  std::string write(const std::string& text);
  void stored_is(std::string hash);
  void maybe_stored(std::string hash);
};

}  // namespace wechaty::puppet
