// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "puppet_xmpp/wire.hpp"

namespace wechaty::puppet_xmpp {

/// What an entity says of itself.
struct DiscoInfo {
  struct Identity {
    std::string category, type, name;
  };
  std::vector<Identity> identities;
  std::set<std::string, std::less<>> features;
  Element query;  ///< the whole answer, for its forms

  [[nodiscard]] bool has(std::string_view feature) const { return features.contains(feature); }
  /// Whether it gives messages ids, and takes out forged ones (XEP-0359). An archive has to, too.
  [[nodiscard]] bool gives_stanza_ids() const { return has(ns::stanza_id) || has(ns::mam); }
};

/// Service discovery (XEP-0030) and entity capabilities (XEP-0115): what we say of ourselves and
/// ask others; and the small questions that every client has to answer (ping, version).
///
/// Thread: any; answer() on the loop's.
class Disco {
 public:
  explicit Disco(Wire& wire) : wire_{wire} {}

  /// Ask an entity. Blocks. @throws NotFoundError, Error
  [[nodiscard]] DiscoInfo info(std::string_view jid);
  /// The JIDs below an entity. Blocks.
  [[nodiscard]] std::vector<std::string> items(std::string_view jid);

  /// The `<c/>` that goes into our presence, so that PEP events are sent to us.
  [[nodiscard]] static Element caps();
  /// Answer an iq get or set of others that nobody else wants: info, version, ping, else an error.
  void answer(const Element& iq);

 private:
  Wire& wire_;
};

}  // namespace wechaty::puppet_xmpp
