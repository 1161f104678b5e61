// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/memory/memory_storage.hpp"
#include "wechaty/puppet/memory/storage_url.hpp"

namespace wechaty::puppet {

/// What load() found.
struct LoadResult {
  /// Whether a document was there and is in the card now.
  bool found = false;
  /// Contract R4.4: the document was damaged and is kept under this name. Tell the operator.
  std::optional<std::string> set_aside_as{};
  /// What was wrong with it and where: "byte 17: ..."; never a value. Empty when nothing was.
  std::string damage{};

  bool operator==(const LoadResult&) const = default;
};

/// When save() touches the store.
enum class SaveMode {
  if_changed,  ///< not when the store has this very document already
  always,
};

/// The session of a puppet and whatever else has to survive the process: a map of JSON values with
/// a storage behind it.
///
/// A MemoryCard is a handle: copies and multiplexed views share one state, cheap to copy. Keys come
/// in the order of a JavaScript object (whole numbers first, ascending; then as inserted), so that
/// documents are byte for byte those of the npm package memory-card 1.1.
///
/// Thread: any. Reading and changing never wait for I/O: load, save and destroy take turns among
/// themselves, and the storage works on a copy. What is set while a save is under way belongs to
/// the next save.
/// Source: contract R4; memory-card src/memory-card.ts.
/// Differs: a view made before load() works, `puppet` never sees `puppet2`, views survive clear()
/// and destroy() of the root, and a view lists its own keys only, not its children's.
class MemoryCard {
 public:
  /// In memory only: save() keeps nothing.
  MemoryCard();
  /// In the file `<name>.memory-card.json`, see FileStorage.
  /// @throws InvalidArgumentError on an empty name
  explicit MemoryCard(std::string name);
  /// In any storage. A storage belongs to one card.
  /// @param name     for to_string() and messages
  /// @param storage  nullptr: in memory only
  MemoryCard(std::string name, std::shared_ptr<MemoryStorage> storage);

  /// A card, not loaded yet, from where a URL says.
  ///
  /// `file:bot`, `file:///srv/bot` (see FileStorage) and `nop:` are known here. The schemes of the
  /// component `storage` are known when its factory is given:
  /// `MemoryCard::open("redis://host/bot", puppet_storage::storages())`.
  /// @throws InvalidArgumentError on a bad URL, or one with a password in it; UnsupportedError on
  ///         an unknown scheme. Messages do not quote the URL.
  [[nodiscard]] static MemoryCard open(std::string_view url, const StorageFactory& factory = {});

  // Copying is what moving does, too: a moved-from handle would be one more state to explain.
  MemoryCard(const MemoryCard&) = default;
  MemoryCard& operator=(const MemoryCard&) = default;
  ~MemoryCard() = default;

  /// Read the document from the storage.
  ///
  /// On a multiplexed view: loads the root. A damaged document (no JSON, no object, too deep, a key
  /// twice, tampered with) is set aside, and the card is loaded and empty.
  /// @throws InvalidArgumentError when it is loaded already; StorageError when the store cannot be
  ///         reached: nothing has changed then, and load() may be tried again; ConflictError when
  ///         a damaged document was replaced by somebody else meanwhile: try again
  /// Blocks for the I/O.
  LoadResult load();

  /// load() for a card that is loaded already: unsaved changes are dropped. The way on after a
  /// ConflictError.
  LoadResult reload();

  [[nodiscard]] bool loaded() const;

  /// Store the document. On a multiplexed view: of the root. Nothing happens without a storage.
  ///
  /// @return whether the store was written to
  /// @throws InvalidArgumentError before load(), or above MemoryStorage::max_document_bytes;
  ///         ConflictError when another process wrote this card since load() or the last save();
  ///         StorageError when it cannot be stored. The card keeps its data in every case, and the
  ///         store keeps its document.
  /// Blocks for the I/O; two savers take turns.
  bool save(SaveMode mode = SaveMode::if_changed);

  /// Whether there is something that save() would store.
  [[nodiscard]] bool changed() const;

  /// Hashes of the documents that the store has or, after a save whose outcome is unknown, may
  /// have, as far as this card knows; none when nothing is stored. The same text has the same hash
  /// on every storage, encrypted or not.
  ///
  /// Does not block for I/O.
  [[nodiscard]] std::vector<std::string> stored_hashes() const;

  /// Remove the document from the storage, durably, then empty the card. Works before load(), too.
  ///
  /// Afterwards the card is not loaded, and may be loaded again.
  /// @throws InvalidArgumentError on a multiplexed view; StorageError when the document may still
  ///         be there: the card is unchanged then
  void destroy();

  /// Become the only process that uses this card, or throw; before load(), so that what is loaded
  /// is not overtaken. A card without storage, or one that has the lease, is left as it is.
  ///
  /// The lease is given back by release_lease(), or with the last handle. Once it is lost, save()
  /// and destroy() throw LeaseLostError until it was acquired again and the card reloaded.
  /// @throws ConflictError naming the holder; StorageError; UnsupportedError where the storage has
  ///         no leases; InvalidArgumentError for a time to live below 1 s
  /// Blocks for the I/O. Contract: "while one process holds the session no other can log in".
  void acquire_lease(LeaseOptions options = {});
  void release_lease();
  /// Whether the lease is ours, as far as this process can know. Does not block for I/O.
  [[nodiscard]] bool lease_held() const;
  /// StorageLease::fencing_number() of the lease; 0 without one.
  [[nodiscard]] std::uint64_t fencing_number() const;

  /// The value of a key, nullopt when it has none. JSON null is a value.
  ///
  /// All that follows throws InvalidArgumentError before load().
  [[nodiscard]] std::optional<nlohmann::json> get(std::string_view key) const;
  /// @throws InvalidArgumentError when it is not a string
  [[nodiscard]] std::optional<std::string> get_string(std::string_view key) const;
  /// The value as JSON text.
  [[nodiscard]] std::optional<std::string> get_text(std::string_view key) const;
  /// The value as a T that nlohmann::json converts to; needs <nlohmann/json.hpp>.
  /// @throws InvalidArgumentError naming the key when the value has another type
  template <class T, class Json = nlohmann::json>
  [[nodiscard]] std::optional<T> get(std::string_view key) const;

  /// Keep a value. A key that exists keeps its place.
  ///
  /// @param key    UTF-8, may be empty
  /// @param value  any JSON of less than 500 levels; no binary, no infinite number
  /// @throws InvalidArgumentError naming the key on anything else
  void set(std::string_view key, const nlohmann::json& value);
  void set(std::string_view key, const char* value) { set_string(key, value); }
  void set(std::string_view key, bool value);
  void set(std::string_view key, double value);
  /// std::string, std::string_view; does not need <nlohmann/json.hpp>, nor do the numbers.
  template <class Text>
  requires(std::same_as<Text, std::string> ||
           std::same_as<Text, std::string_view>) void set(std::string_view key, const Text& value) {
    set_string(key, value);
  }
  template <std::integral Number>
  requires(!std::same_as<Number, bool>) void set(std::string_view key, Number value) {
    if constexpr (std::is_signed_v<Number>) {
      set_integer(key, static_cast<std::int64_t>(value));
    } else {
      set_unsigned(key, static_cast<std::uint64_t>(value));
    }
  }

  [[nodiscard]] bool has(std::string_view key) const;
  /// @return whether there was such a key
  bool erase(std::string_view key);
  /// Remove all keys; on a multiplexed view its own and those of the views below it.
  void clear();
  /// Number of keys(). The root sees all keys, those of views in their long form.
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] std::vector<nlohmann::json> values() const;
  [[nodiscard]] std::vector<std::pair<std::string, nlohmann::json>> entries() const;
  /// Call fn with every key and value of this moment; fn may change the card.
  void for_each(const std::function<void(std::string_view, const nlohmann::json&)>& fn) const;

  /// A view with a key space of its own, at any time, to any depth.
  ///
  /// Its keys are CR + name [+ CR + name ...] + LF + key in the root.
  /// @param name  UTF-8 without CR and LF
  /// @throws InvalidArgumentError on any other name
  [[nodiscard]] MemoryCard multiplex(std::string_view name) const;
  [[nodiscard]] bool is_multiplex() const noexcept { return !names_.empty(); }

  /// The name of the root; empty when it has none.
  [[nodiscard]] std::string name() const;
  /// "MemoryCard<bot>.multiplex(puppet)"
  [[nodiscard]] std::string to_string() const;
  /// Where the card is stored, for messages; "memory only" without a storage.
  [[nodiscard]] std::string describe() const;

  /// The whole card, in the form that the npm package reads with fromJSON():
  /// `{"payload":{...},"options":{"name":"bot"}}`. It holds the session: treat it as a secret.
  [[nodiscard]] std::string to_json() const;
  /// A loaded card from that form.
  ///
  /// @param storage  where save() stores it, and nothing may be stored there yet; nullptr: the
  ///                 file of the name in the options, or nowhere without a name
  /// @throws InvalidArgumentError when the text is not of that form; UnsupportedError when the
  ///         options name another storage than file or nop and no storage is given
  /// Differs: in the npm package such a card cannot be saved.
  [[nodiscard]] static MemoryCard from_json(std::string_view text,
                                            std::shared_ptr<MemoryStorage> storage = nullptr);

 private:
  struct State;
  MemoryCard(std::shared_ptr<State> state, std::vector<std::string> names);

  void set_string(std::string_view key, std::string_view value);
  void set_integer(std::string_view key, std::int64_t value);
  void set_unsigned(std::string_view key, std::uint64_t value);
  void put(std::string_view key, std::string text);
  [[nodiscard]] std::string full_key(std::string_view key) const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> snapshot() const;
  [[noreturn]] static void wrong_type(std::string_view key, const char* why);

  std::shared_ptr<State> state_;
  std::vector<std::string> names_;  // of the views from the root down to this one
  std::string prefix_;              // CR + names joined by CR; empty at the root
};

template <class T, class Json>
std::optional<T> MemoryCard::get(std::string_view key) const {
  const auto text = get_text(key);
  if (!text) return std::nullopt;
  try {
    return Json::parse(*text).template get<T>();
  } catch (const typename Json::exception& error) {
    wrong_type(key, error.what());
  }
}

}  // namespace wechaty::puppet
