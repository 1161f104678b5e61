// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace wechaty::puppet::memory {

/// A note on this machine that the session in a card is being logged out, for the time in which the
/// store itself cannot be told because it is away (contract R3.5).
///
/// It holds hashes of the documents that the store may have, no value of them: a store that has
/// another document by then has another session, which is left alone.
///
/// Thread: any; of one process at a time. Blocks for the I/O.
class LogoutNote {
 public:
  /// @param folder  made when it is missing; empty: nothing is ever noted
  /// @param card    what tells this card from others: MemoryCard::describe() and its view
  LogoutNote(const std::string& folder, std::string_view card);

  /// Durable when it returns. @throws StorageError
  void write(const std::vector<std::string>& hashes) const;
  /// Whether one of the documents is noted. @throws StorageError
  [[nodiscard]] bool names(const std::vector<std::string>& hashes) const;
  /// @throws StorageError
  void remove() const;

 private:
  std::string folder_;
  std::string path_;
};

/// $XDG_STATE_HOME/wechaty-puppet, or ~/.local/state/wechaty-puppet; empty without a home.
/// Source: XDG Base Directory Specification 0.8.
[[nodiscard]] std::string default_state_folder();

}  // namespace wechaty::puppet::memory
