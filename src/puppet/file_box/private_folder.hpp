// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "puppet/memory/posix_file.hpp"

namespace wechaty::puppet {

/// A fresh folder that only its owner may enter (0700), removed with everything in it at the end.
///
/// It is locked as long as it is used, so that the next one that is made in the same place can tell
/// and remove those that killed processes left behind.
class PrivateFolder {
 public:
  /// @param parent  "": the system's folder for temporary files
  /// @throws StorageError
  explicit PrivateFolder(const std::string& parent);
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder();

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  memory::Fd lock_;
};

}  // namespace wechaty::puppet
