// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "wechaty/puppet/file_box/file_box_resolver.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

namespace spdlog {
class logger;
}  // namespace spdlog

namespace wechaty::puppet_service {

/// How a server proves who it is. Without a pair of its operator it makes its own: see
/// ServerCertificate.
struct ServerTlsOptions {
  bool disable = false;       ///< plain text on the wire
  std::string server_cert{};  ///< PEM text of the certificate chain, the server's own first
  std::string server_key{};   ///< PEM text of its private key
  /// Where an own certificate is kept; "": `wechaty-puppet/gateway` in $XDG_STATE_HOME.
  std::string state_folder{};
};

/// What a server bears. Beyond a limit a call ends with RESOURCE_EXHAUSTED.
struct ServerLimits {
  /// One message of a client, in bytes: an npm client sets an avatar as base64 in one field.
  std::size_t message_bytes = std::size_t{64} << 20U;
  /// Memory of all connections together, in bytes; beyond it readers wait.
  std::size_t connection_bytes = std::size_t{512} << 20U;

  std::size_t calls = 1'024;       ///< unary calls under way, waiting ones included
  std::size_t hook_threads = 256;  ///< threads for hooks that block
  std::size_t event_streams = 64;
  std::size_t file_streams = 64;    ///< uploads, downloads and the deprecated streams
  std::size_t health_streams = 64;  ///< as many checks, too; they need no token

  std::uint64_t upload_bytes = std::uint64_t{1} << 30U;  ///< one upload
  /// A file stream without a frame, a call without its message.
  std::chrono::milliseconds file_idle{60'000};

  /// What waits for one slow reader of events; then its stream ends and the events go to the next.
  std::size_t stream_events = 10'000;
  std::size_t stream_bytes = std::size_t{16} << 20U;
  /// What is kept while no stream is open; then the oldest go, and an error event says how many.
  std::size_t journal_events = 10'000;
  std::size_t journal_bytes = std::size_t{16} << 20U;
};

struct PuppetServerOptions {
  /// `HOST:PORT`, `[v6]:PORT` or `unix:PATH`; port 0: any free one.
  std::string endpoint = "0.0.0.0:8788";
  /// What clients have to show; not empty. Never logged.
  std::string token{};
  ServerTlsOptions tls{};
  ServerLimits limits{};

  /// A heartbeat goes out at least this often while the puppet is well.
  std::chrono::milliseconds heartbeat_interval{15'000};
  /// How long Start and Stop may take until their caller is told DEADLINE_EXCEEDED; the puppet goes
  /// on with it.
  std::chrono::milliseconds start_timeout{15'000};
  /// How old the puppet's last heartbeat may be: for the health service, and to be called well.
  std::chrono::milliseconds health_timeout{60'000};
  /// How often a Watch of the health service looks.
  std::chrono::milliseconds health_interval{5'000};
  bool reflection = false;  ///< grpc.reflection.v1 and v1alpha: tools can list the rpcs

  puppet::UuidStoreOptions files{};
  /// Files of up to so many bytes travel as base64 inside the answer of MessageFile and its like,
  /// beside what the protocol always sends so (buffers up to 20 KiB): for clients that cannot fetch
  /// files by UUID, as those in Python and Java. An answer beyond 4 MiB is refused by some clients.
  std::uint64_t inline_bytes = 0;
  /// Fetches what boxes of clients refer to, e.g. URLs; null: the puppet sees them as they come.
  std::shared_ptr<puppet::FileBoxResolver> resolver{};
  /// null: standard error, as PuppetOptions::logger.
  std::shared_ptr<spdlog::logger> logger{};
};

}  // namespace wechaty::puppet_service
