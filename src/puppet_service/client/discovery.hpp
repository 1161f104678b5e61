// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace wechaty::puppet_service {

/// Ask an authority where the server of a token is: `GET <base>/v0/hosties/<token>`, answered by
/// `{"host": ..., "port": ...}`. Follows no redirects: the URL has the token in it.
///
/// @param base     "https://api.chatie.io"
/// @param timeout  of the whole request
/// @result "host:port"
/// @throws AuthenticationError when the authority does not know the token; NetworkError when it
///         cannot be reached, answers with a failure or with something else; CancelledError after
///         `stop`
/// Thread: any. Blocks for one request.
/// Source: npm wechaty-token WechatyToken.discover(). Differs: not repeated here; the connection
/// is.
[[nodiscard]] std::string discover(const std::string& base, const std::string& token,
                                   std::chrono::milliseconds timeout, const std::stop_token& stop);

}  // namespace wechaty::puppet_service
