// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace wechaty::puppet::memory {

/// What a lease record says: "<fencing number> <owner>\n".
[[nodiscard]] std::uint64_t number_in(const std::string& record) noexcept;
[[nodiscard]] std::string owner_in(const std::string& record);

/// "<host> process <pid>"
[[nodiscard]] std::string default_owner();
/// "20261124T013000Z", for the names of documents that are set aside.
[[nodiscard]] std::string utc_stamp();
/// Since 1970.
[[nodiscard]] std::uint64_t milliseconds_now() noexcept;

}  // namespace wechaty::puppet::memory
