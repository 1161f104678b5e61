// SPDX-License-Identifier: Apache-2.0
#include "puppet/memory/lease_owner.hpp"

#include <unistd.h>

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>

namespace wechaty::puppet::memory {

std::uint64_t number_in(const std::string& record) noexcept {
  std::uint64_t number = 0;
  std::from_chars(record.data(), record.data() + record.size(), number);
  return number;
}

std::string owner_in(const std::string& record) {
  const auto space = record.find(' ');
  if (space == std::string::npos) return "somebody";
  return record.substr(space + 1, record.find('\n') - space - 1);
}

std::string default_owner() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  return std::string{host.data()} + " process " + std::to_string(::getpid());
}

std::string utc_stamp() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 32> stamp{};
  return {stamp.data(), std::strftime(stamp.data(), stamp.size(), "%Y%m%dT%H%M%SZ", &utc)};
}

std::uint64_t milliseconds_now() noexcept {
  using std::chrono::duration_cast;
  const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(duration_cast<std::chrono::milliseconds>(since_epoch).count());
}

}  // namespace wechaty::puppet::memory
