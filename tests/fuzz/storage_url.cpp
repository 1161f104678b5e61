// SPDX-License-Identifier: Apache-2.0
// URLs of memory cards: whatever an operator types is a card or a clear refusal that repeats no
// password.
#include "fuzz/fuzz.hpp"

#include "wechaty/puppet/memory/memory_card.hpp"
#include "wechaty/puppet_storage.hpp"

using namespace wechaty::puppet;
using namespace wechaty::puppet::fuzz;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view secret = "hunter2hunter2";
  const std::string url{text_of(data, size)};
  if (url.find(secret.substr(0, 7)) != std::string::npos) return 0;  // the fuzzer has learnt it
  // As it is, and with a password where one would be in other programs' URLs. Behind the '?' it is
  // part of a parameter, such as the name of a file.
  std::string with_password = url;
  if (const auto at = url.find("://"); at < url.find('?')) {
    with_password.insert(at + 3, "me:" + std::string{secret} + "@");
  }
  for (const auto& text : {url, with_password}) {
    const bool planted = text != url;
    try {
      const auto card = MemoryCard::open(text, wechaty::puppet_storage::storages());
      require(!planted, "a password is refused", text);
      require(!card.describe().empty(), "a card says where it is");
    } catch (const Error& error) {
      require(*error.what() != '\0', "an error says what is wrong");
      require(!planted || std::string_view{error.what()}.find(secret) == std::string_view::npos,
              "no password in a message", error.what());
    }
  }
  return 0;
}
