// SPDX-License-Identifier: Apache-2.0
// Encrypted cards: only what the key's owner has stored is ever read; all else is refused.
#include "fuzz/fuzz.hpp"

#include <memory>

#include "support/fake_storage.hpp"
#include "wechaty/puppet_storage/encrypted_storage.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;
using wechaty::puppet_storage::EncryptedStorage;
using wechaty::puppet_storage::EncryptionKeys;

namespace {

constexpr std::string_view document = R"({"token":"hunter2"})";

struct Card {
  std::shared_ptr<test::FakeStorage> store = std::make_shared<test::FakeStorage>();
  EncryptedStorage storage{store, EncryptionKeys::parse(std::string(64, 'a'))};
  std::string genuine;

  Card() {
    (void)storage.save(document, "");
    genuine = *store->text();
  }
};

/// An odd first byte: changes of the genuine card, three bytes each (place, place, what to add).
/// Otherwise: the text as it is.
std::string stored_text(const std::string& genuine, std::string_view input) {
  if (input.empty() || (static_cast<unsigned char>(input[0]) & 1U) == 0) return std::string{input};
  std::string text = genuine;
  for (std::size_t i = 1; i + 2 < input.size(); i += 3) {
    const auto place =
        (static_cast<unsigned char>(input[i]) * 256U + static_cast<unsigned char>(input[i + 1])) %
        text.size();
    text[place] = static_cast<char>(text[place] ^ input[i + 2]);
  }
  return text;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Card card;
  const std::string text = stored_text(card.genuine, text_of(data, size));
  card.store->store(text);
  bool read = false;
  unless_refused([&] {
    const auto loaded = card.storage.load();
    read = true;
    require(text == card.genuine, "what was not stored by us is refused", text);
    require(loaded && loaded->text == document, "what was stored by us is read");
  });
  require(read || text != card.genuine, "the genuine card is read");
  return 0;
}
