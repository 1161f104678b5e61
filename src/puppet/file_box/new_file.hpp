// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "puppet/file_box/file_io.hpp"

namespace wechaty::puppet {

/// A file that is there when it is whole, and not before.
///
/// It is written beside its place under another name. A place that is no regular file (a pipe, a
/// device) is written into directly.
class NewFile {
 public:
  /// @throws ConflictError when there is a file and it must not be overwritten; StorageError
  NewFile(const std::string& path, bool overwrite);
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();  ///< without commit() nothing stays

  void write(std::span<const std::byte> bytes);
  /// Put it in its place. Not fsynced: a machine that dies may lose it.
  void commit();

 private:
  std::string path_;
  bool overwrite_;
  std::string temporary_;  // "" when it is written into directly, or in its place
  Fd fd_;
};

}  // namespace wechaty::puppet
