// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace wechaty::puppet::memory {

/// 128 bits of MurmurHash3 (x64 variant, seed 0) as 32 hexadecimal digits.
///
/// Tells one document from another where nobody forges documents: who may write the file needs no
/// collision. Chosen over SHA-256 because a save hashes the stored document and the new one.
[[nodiscard]] std::string content_hash(std::string_view text);

}  // namespace wechaty::puppet::memory
