// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench_service {

/// The client: the same for every server. With an open stream of events from the beginning.
///
/// Thread: one thread at a time. What it waits for it waits for 60 s, then throws.
class Load {
 public:
  explicit Load(const std::string& endpoint);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load();

  /// Start, and wait until the puppet is ready.
  void start();
  /// So many calls, always so many in flight.
  void contact_payloads(std::size_t calls, std::size_t in_flight);
  /// The same, and wait for the event of each.
  void send_texts(std::size_t calls, std::size_t in_flight);
  /// Wait for so many message events since the last call.
  void wait_for_messages(std::size_t count);
  /// Wait for so many dong events. @result for each, nanoseconds from its making to here
  std::vector<double> wait_for_dongs(std::size_t count);
  /// @result the id
  std::string upload(std::size_t bytes);
  /// @throws std::runtime_error when it was not so many bytes
  void download(const std::string& id, std::size_t bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bench_service
