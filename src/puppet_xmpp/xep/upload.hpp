// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "puppet_xmpp/http.hpp"
#include "puppet_xmpp/wire.hpp"
#include "puppet_xmpp/xep/disco.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"

namespace wechaty::puppet_xmpp {

/// Files by way of the server's HTTP storage (XEP-0363).
///
/// Thread: any. All functions block.
class Uploads {
 public:
  Uploads(Wire& wire, Disco& disco, HttpLimits limits)
      : wire_{wire}, disco_{disco}, limits_{std::move(limits)} {}

  struct Stored {
    std::string url;
    std::uint64_t size = 0;
  };
  /// @throws UnsupportedError where the server has no storage; TooLargeError when the file is
  ///         larger than it takes
  [[nodiscard]] Stored store(const puppet::FileBox& file, const std::stop_token& stop);

  /// A file of a message: by https from a public address, or from the own storage.
  /// @throws as http_get()
  [[nodiscard]] HttpFile fetch(const std::string& url, const std::stop_token& stop);

 private:
  struct Service {
    std::string jid;
    std::uint64_t max_size = 0;  ///< 0: not said
  };
  [[nodiscard]] Service service();
  [[nodiscard]] std::string own_origin();

  Wire& wire_;
  Disco& disco_;
  const HttpLimits limits_;
  std::mutex mutex_;  // guards everything below
  std::optional<Service> service_;
  std::optional<std::string> own_origin_;  ///< where slots of our storage are; "" without any
};

}  // namespace wechaty::puppet_xmpp
