// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/memory/memory_card.hpp"

#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "puppet/memory/card_document.hpp"
#include "puppet/memory/content_hash.hpp"
#include "puppet/memory/memory_card_state.hpp"
#include "wechaty/puppet/memory/file_storage.hpp"

namespace wechaty::puppet {

using nlohmann::json;

// --- load, save, destroy ---------------------------------------------------------------------

void MemoryCard::State::put_aside(const std::string& bad_version, LoadResult& result) {
  version.clear();
  try {
    result.set_aside_as = storage->set_aside(bad_version);
  } catch (const ConflictError&) {
    throw;  // somebody has stored another one: that is the one to load
  } catch (const StorageError& error) {
    // Stops nothing and destroys nothing: the card is usable, and the next save tries again.
    result.damage += std::string{"; it could not be set aside: "} + error.what();
    damaged = bad_version;
  }
}

LoadResult MemoryCard::State::try_load(Found& found) {
  LoadResult result;
  std::optional<StoredDocument> document;
  try {
    document = storage->load();
  } catch (const DamagedDocumentError& error) {
    result.damage = error.what();
    put_aside(error.version(), result);
    return result;
  }
  if (!document) {
    version.clear();
    return result;
  }
  try {
    memory::read_object(document->text, [&](std::string&& key, std::string&& text) {
      found.entries.set(std::move(key), std::move(text));
    });
    found.hash = memory::content_hash(document->text);
    version = document->version;
    result.found = true;
  } catch (const memory::JsonSyntaxError& error) {
    found = {};
    result.damage = storage->describe() + " is no memory card: " + error.what();
    put_aside(document->version, result);
  }
  return result;
}

LoadResult MemoryCard::State::load_stored() {
  Found found;
  LoadResult result;
  if (storage) {
    damaged.reset();
    result = try_load(found);
  }
  stored_is(std::move(found.hash));
  const std::scoped_lock lock{mutex};
  entries = std::move(found.entries);
  loaded = true;
  saved_changes = ++changes;
  return result;
}

std::string MemoryCard::State::write(const std::string& text) {
  if (damaged) {
    storage->set_aside(*damaged);
    damaged.reset();
  }
  try {
    return storage->save(text, version);
  } catch (const LeaseLostError&) {
    throw;
  } catch (const ConflictError&) {
    // A save that failed half-way (a reply that was lost, a folder that was not synced) may have
    // stored our document after all: then the conflict is with ourselves.
    std::optional<StoredDocument> found;
    try {
      found = storage->load();
    } catch (const StorageError&) {
    }
    if (!found) throw;
    if (found->text == text) return found->version;
    const auto hash = memory::content_hash(found->text);
    {
      const std::scoped_lock lock{mutex};
      if (std::find(uncertain.begin(), uncertain.end(), hash) == uncertain.end()) throw;
    }
    return storage->save(text, found->version);
  }
}

void MemoryCard::State::stored_is(std::string hash) {
  const std::scoped_lock lock{mutex};
  stored = std::move(hash);
  uncertain.clear();
}

void MemoryCard::State::maybe_stored(std::string hash) {
  constexpr std::size_t remembered = 100;
  const std::scoped_lock lock{mutex};
  if (uncertain.size() == remembered) uncertain.erase(uncertain.begin());
  uncertain.push_back(std::move(hash));
}

LoadResult MemoryCard::load() {
  const std::scoped_lock io{state_->io_mutex};
  if (loaded()) throw InvalidArgumentError{state_->title() + " is loaded already"};
  return state_->load_stored();
}

LoadResult MemoryCard::reload() {
  const std::scoped_lock io{state_->io_mutex};
  if (!state_->storage && loaded()) return {};
  return state_->load_stored();
}

bool MemoryCard::loaded() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->loaded;
}

bool MemoryCard::changed() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->changes != state_->saved_changes;
}

std::vector<std::string> MemoryCard::stored_hashes() const {
  const std::scoped_lock lock{state_->mutex};
  auto hashes = state_->uncertain;
  if (!state_->stored.empty()) hashes.push_back(state_->stored);
  return hashes;
}

bool MemoryCard::save(SaveMode mode) {
  State& state = *state_;
  const std::scoped_lock io{state.io_mutex};
  std::string text;
  std::uint64_t snapshot_of = 0;
  {
    const std::scoped_lock lock{state.mutex};
    state.require_loaded();
    if (!state.storage) return false;
    if (mode == SaveMode::if_changed && state.changes == state.saved_changes) return false;
    text = state.entries.to_text();
    snapshot_of = state.changes;
  }
  if (text.size() > MemoryStorage::max_document_bytes) {
    throw InvalidArgumentError{state.title() + " has grown to " + std::to_string(text.size()) +
                               " bytes; at most " +
                               std::to_string(MemoryStorage::max_document_bytes) + " are saved"};
  }
  try {
    state.version = state.write(text);
  } catch (const StorageError&) {
    state.maybe_stored(memory::content_hash(text));
    throw;
  }
  state.stored_is(memory::content_hash(text));
  const std::scoped_lock lock{state.mutex};
  state.saved_changes = snapshot_of;
  return true;
}

void MemoryCard::destroy() {
  State& state = *state_;
  if (is_multiplex()) {
    throw InvalidArgumentError{to_string() + " is a view: destroy() the root, or clear() the view"};
  }
  const std::scoped_lock io{state.io_mutex};
  if (state.storage) state.storage->destroy();
  state.version.clear();
  state.damaged.reset();
  state.stored_is({});
  const std::scoped_lock lock{state.mutex};
  state.entries = {};
  state.loaded = false;
  state.saved_changes = ++state.changes;
}

// --- the lease ---------------------------------------------------------------------------------

void MemoryCard::acquire_lease(LeaseOptions options) {
  State& state = *state_;
  if (options.ttl < std::chrono::seconds{1}) {
    throw InvalidArgumentError{to_string() + ": a lease of less than 1 s cannot be kept"};
  }
  const std::scoped_lock io{state.io_mutex};
  if (!state.storage || lease_held()) return;
  release_lease();  // one that is lost
  std::shared_ptr<StorageLease> lease = state.storage->acquire_lease(std::move(options));
  const std::scoped_lock lock{state.mutex};
  state.lease = std::move(lease);
}

void MemoryCard::release_lease() {
  std::shared_ptr<StorageLease> released;  // ends outside of the lock: that takes I/O
  const std::scoped_lock lock{state_->mutex};
  released.swap(state_->lease);
}

bool MemoryCard::lease_held() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->lease && state_->lease->held();
}

std::uint64_t MemoryCard::fencing_number() const {
  const std::scoped_lock lock{state_->mutex};
  return state_->lease ? state_->lease->fencing_number() : 0;
}

// --- handles ---------------------------------------------------------------------------------

MemoryCard::MemoryCard() : MemoryCard{std::string{}, nullptr} {}

MemoryCard::MemoryCard(std::string name)
    : state_{std::make_shared<State>(name, std::make_shared<FileStorage>(name))} {}

MemoryCard::MemoryCard(std::string name, std::shared_ptr<MemoryStorage> storage)
    : state_{std::make_shared<State>(std::move(name), std::move(storage))} {}

MemoryCard::MemoryCard(std::shared_ptr<State> state, std::vector<std::string> names)
    : state_{std::move(state)}, names_{std::move(names)} {
  for (const auto& name : names_) prefix_ += '\r' + name;
}

MemoryCard MemoryCard::multiplex(std::string_view name) const {
  if (name.find_first_of("\r\n") != std::string_view::npos) {
    throw InvalidArgumentError{to_string() + ": the name of a view contains CR or LF"};
  }
  try {
    (void)memory::string_text(name);
  } catch (const InvalidArgumentError& error) {
    throw InvalidArgumentError{to_string() + ": the name of a view: " + error.what()};
  }
  auto names = names_;
  names.emplace_back(name);
  return MemoryCard{state_, std::move(names)};
}

std::string MemoryCard::name() const { return state_->name; }

std::string MemoryCard::to_string() const {
  std::string text = state_->title();
  for (const auto& name : names_) text += ".multiplex(" + name + ")";
  return text;
}

std::string MemoryCard::describe() const {
  return state_->storage ? state_->storage->describe() : "memory only";
}

std::string MemoryCard::to_json() const {
  const std::scoped_lock lock{state_->mutex};
  state_->require_loaded();
  std::string text = "{\"payload\":" + state_->entries.to_text();
  if (!state_->name.empty()) {
    text += ",\"options\":{\"name\":" + memory::string_text(state_->name) + "}";
  }
  return text + "}";
}

MemoryCard MemoryCard::open(std::string_view url, const StorageFactory& factory) {
  auto parts = StorageUrl::parse(url);
  if (factory) {
    if (auto opened = factory(parts)) {
      return MemoryCard{std::move(opened->name), std::move(opened->storage)};
    }
  }
  if (parts.scheme == "nop") {
    parts.require_no_more();
    return MemoryCard{};
  }
  if (parts.scheme == "file") {
    parts.require_no_more();
    if (!parts.user.empty() || (!parts.authority.empty() && parts.authority != "localhost")) {
      throw InvalidArgumentError{
          "storage URL (file): file://host/... is another machine; write "
          "file:name or file:///folder/name"};
    }
    return MemoryCard{parts.path};
  }
  throw UnsupportedError{"no storage for the scheme '" + parts.scheme +
                         "': redis, etcd and s3 are in the component storage; pass "
                         "puppet_storage::storages() to MemoryCard::open()"};
}

MemoryCard MemoryCard::from_json(std::string_view text, std::shared_ptr<MemoryStorage> storage) {
  std::string payload;
  std::string name;
  std::string type = "file";
  try {
    const auto member = [&](std::string&& key, std::string&& value) {
      if (key == "payload") payload = std::move(value);
      if (key != "options") return;
      const auto options = json::parse(value);
      name = options.value("name", std::string{});
      if (const auto found = options.find("storageOptions"); found != options.end()) {
        type = found->value("type", type);
      }
    };
    memory::read_object(text, member, memory::max_depth + 1);  // one more around the payload
  } catch (const json::exception&) {                           // its text may quote the card
    throw InvalidArgumentError{"MemoryCard::from_json: the options are not of the known form"};
  } catch (const memory::JsonSyntaxError& error) {
    throw InvalidArgumentError{std::string{"MemoryCard::from_json: "} + error.what()};
  }
  if (payload.empty()) throw InvalidArgumentError{"MemoryCard::from_json: there is no payload"};
  if (!storage && !name.empty() && type == "file") storage = std::make_shared<FileStorage>(name);
  if (!storage && !name.empty() && type != "nop") {
    throw UnsupportedError{"MemoryCard::from_json: give the storage for a card of type " + type};
  }

  MemoryCard card{std::move(name), std::move(storage)};
  try {
    memory::read_object(payload, [&](std::string&& key, std::string&& value) {
      card.state_->entries.set(std::move(key), std::move(value));
    });
  } catch (const memory::JsonSyntaxError& error) {
    throw InvalidArgumentError{std::string{"MemoryCard::from_json: the payload: "} + error.what()};
  }
  card.state_->loaded = true;
  card.state_->changes = 1;
  return card;
}

}  // namespace wechaty::puppet
