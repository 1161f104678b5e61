// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "puppet/file_box/mime_content.hpp"

namespace wechaty::puppet {

/// What a zip file is, by the names of its entries: those of the directory at its end where that is
/// at hand, else those between the first bytes. nullopt for what is no zip file;
/// `application/zip` for one that is nothing special, or about which its beginning does not tell
/// (then it is `undecided`).
std::optional<DetectedType> zip_type(const ContentView& content);

/// What an OLE compound file (Office 97 to 2003) is, by the names of its streams; nullopt for what
/// is no such file.
std::optional<DetectedType> compound_file_type(const ContentView& content);

}  // namespace wechaty::puppet
