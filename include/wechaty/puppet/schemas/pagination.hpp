// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace wechaty::puppet {

/// Which page of a long result is wanted. Source: wechaty-puppet schemas/pagination.ts.
struct PaginationRequest {
  std::optional<std::int64_t> page_size;  ///< how many at most; the puppet's own choice if missing
  std::optional<std::string> page_token;  ///< from the page before; the first page if missing

  friend bool operator==(const PaginationRequest&, const PaginationRequest&) = default;
};

/// One page of a result of type `T`. Source: wechaty-puppet schemas/pagination.ts.
template <class T>
struct PaginationResponse {
  std::optional<std::string> next_page_token;  ///< missing on the last page
  T response{};

  friend bool operator==(const PaginationResponse&, const PaginationResponse&) = default;
};

}  // namespace wechaty::puppet
