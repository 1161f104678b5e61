// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// What the bot has noted on a contact.
struct Note {
  std::vector<std::string> phones;
  std::string corporation;
  std::string description;

  friend bool operator==(const Note&, const Note&) = default;
};

/// Private notes on contacts (XEP-0145, in private storage, XEP-0049): other clients show them.
/// A line each: `phone: ...`, `corporation: ...`; the rest is the description.
///
/// Thread: any; changes take turns, as a change replaces the whole store. All functions block.
class Notes {
 public:
  explicit Notes(Wire& wire) : wire_{wire} {}
  [[nodiscard]] Note find(std::string_view jid);
  template <class F>
  void change(std::string_view jid, F&& change) {
    const std::lock_guard lock{mutex_};
    auto all = load();
    Note note = parse(all[std::string{jid}]);
    change(note);
    all[std::string{jid}] = to_text(note);
    save(all);
  }

  [[nodiscard]] static Note parse(std::string_view text);
  [[nodiscard]] static std::string to_text(const Note& note);

 private:
  [[nodiscard]] std::map<std::string, std::string> load();
  void save(const std::map<std::string, std::string>& all);

  Wire& wire_;
  std::mutex mutex_;  // held while the store is read, changed and written
};

}  // namespace wechaty::puppet_xmpp
