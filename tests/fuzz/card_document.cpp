// SPDX-License-Identifier: Apache-2.0
// Documents of memory cards, as they lie in a store that others can write to.
#include "fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "puppet/memory/card_document.hpp"
#include "puppet/memory/card_entries.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

namespace {

std::string read(std::string_view text) {
  memory::CardEntries entries;
  memory::read_object(text, [&](std::string&& key, std::string&& value) {
    require(nlohmann::json::accept(value), "a value is JSON", value);
    entries.set(std::move(key), std::move(value));
  });
  return entries.to_text();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = text_of(data, size);
  unless_refused([&] {
    const std::string document = read(text);
    require(read(document) == document, "what was stored is read as it was", document);
  });
  unless_refused([&] {
    const MemoryCard card = MemoryCard::from_json(text);
    const std::string json = card.to_json();
    require(MemoryCard::from_json(json).to_json() == json, "JSON stays the same", json);
    for (const auto& key : card.keys())
      require(card.has(key), "a key that is listed is there", key);
  });
  return 0;
}
