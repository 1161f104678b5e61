// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/naming.hpp"

#include <algorithm>
#include <fstream>
#include <functional>

#include "puppet/file_box/base64.hpp"
#include "puppet/file_box/file_box_data.hpp"
#include "puppet/file_box/mime_content.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet {

namespace {

std::string_view as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string extension{dot == std::string_view::npos ? "" : name.substr(dot + 1)};
  for (char& c : extension) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return extension;
}

std::string with_extension(std::string_view stem, std::string_view extension) {
  return safe_base_name(std::string{stem} + "." + std::string{extension});
}

std::string replace_extension(std::string_view name, std::string_view extension) {
  return with_extension(name.substr(0, name.rfind('.')), extension);
}

/// The extension that a declared type leads to; nullopt where it says nothing.
std::optional<std::string_view> declared_extension(std::string_view declared) {
  const auto extension = extension_of_type(declared);
  if (extension && type_of_name("." + std::string{*extension}) == octet_stream &&
      *extension == extension_of_type(octet_stream)) {
    return std::nullopt;
  }
  return extension;
}

std::string_view right_extension(const DetectedType& detected) {
  if (const auto extension = extension_of_type(detected.type)) return *extension;
  if (detected.kind == ContentKind::text) return "txt";
  return *extension_of_type(octet_stream);
}

using Read = std::function<std::string(std::uint64_t, std::size_t)>;

Read read_of_file(const std::string& path) {
  return [path](std::uint64_t offset, std::size_t count) {
    std::ifstream file{path, std::ios::binary};
    file.seekg(static_cast<std::streamoff>(offset));
    std::string text(count, '\0');
    file.read(text.data(), static_cast<std::streamsize>(count));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
  };
}

/// Four characters are three bytes; a text that has anything else in it gives nothing.
Read read_of_base64(const std::string& base64) {
  return [&base64](std::uint64_t offset, std::size_t count) -> std::string {
    const std::uint64_t begin = offset / 3 * 4;
    const std::size_t skip = offset % 3;
    if (begin >= base64.size()) return {};
    try {
      const auto bytes = base64_decode(std::string_view{base64}.substr(
          static_cast<std::size_t>(begin), (skip + count + 2) / 3 * 4));
      const std::string_view text = as_text(bytes);
      return std::string{text.substr(std::min(skip, text.size()), count)};
    } catch (const InvalidArgumentError&) {
      return {};
    }
  };
}

/// What is at hand of a box's content, and its type when it was asked for.
class BoxContent {
 public:
  /// @param bytes  all of it, for a buffer
  BoxContent(const FileBox& box, const std::vector<std::byte>* bytes) : box_{box} {
    if (bytes != nullptr) {
      const std::string_view all = as_text(*bytes);
      view_ = {.beginning = all.substr(0, bytes_to_sniff),
               .size = all.size(),
               .read = [all](std::uint64_t offset, std::size_t count) {
                 return std::string{all.substr(std::min<std::uint64_t>(offset, all.size()), count)};
               }};
      return;
    }
    at_hand_ = look(bytes_to_sniff);
    if (box.type() != FileBoxType::file && box.type() != FileBoxType::base64) return;
    // Counting the bytes of base64 means to look at all of it; only archives want to know.
    if (box.type() == FileBoxType::file || view_.beginning.starts_with("PK")) {
      view_.size = box.size();
    }
    view_.read = box.type() == FileBoxType::file ? read_of_file(box.reference())
                                                 : read_of_base64(box.reference());
  }
  BoxContent(const BoxContent&) = delete;
  BoxContent& operator=(const BoxContent&) = delete;

  [[nodiscard]] bool is_at_hand() const { return at_hand_; }

  const DetectedType& type() {
    if (detected_) return *detected_;
    detected_ = detect(view_);
    if (detected_->undecided && !view_.read && look(most_bytes_to_sniff)) {
      detected_ = detect(view_);
    }
    return *detected_;
  }

  /// Whether the content may have a name with this extension.
  bool may_be(std::string_view claimed, std::string_view extension) {
    if (!at_hand_ || is_proven(claimed, extension, view_.beginning)) return true;
    return may_be_called(claimed, extension, type(), view_);
  }

 private:
  bool look(std::size_t bytes) {
    auto beginning = box_.peek(bytes);
    if (!beginning) return false;
    beginning_ = std::move(*beginning);
    view_.beginning = as_text(beginning_);
    if (beginning_.size() < bytes) view_.size = beginning_.size();
    return true;
  }

  const FileBox& box_;
  std::vector<std::byte> beginning_;
  ContentView view_;
  bool at_hand_ = true;
  std::optional<DetectedType> detected_;
};

}  // namespace

FileBox conventional(FileBox box, std::optional<std::string_view> declared_media_type) {
  if (box.data_->conventional && !declared_media_type) return box;
  std::string name = safe_base_name(box.name());
  const std::string extension = extension_of(name);
  const auto named = type_of_name(name);
  const bool buffer = box.type() == FileBoxType::buffer;
  BoxContent content{box, buffer ? &box.data_->content->bytes : nullptr};

  const bool says_nothing = extension == "dat" || extension == "bin" || extension == "buffer";
  if (named && !says_nothing) {
    if (!content.may_be(*named, extension)) {
      const std::string_view right = right_extension(content.type());
      // `.ts` is a film to the table and source code to its author.
      const bool add = extension == "ts" && content.type().kind == ContentKind::text;
      name = add ? with_extension(name, right) : replace_extension(name, right);
    }
  } else {
    auto right = declared_extension(declared_media_type.value_or(box.declared_media_type()));
    if (right && !content.may_be(*type_of_name("." + std::string{*right}), *right)) right.reset();
    if (!right && box.type() == FileBoxType::qr_code) right = "png";
    if (!right) right = content.is_at_hand() ? right_extension(content.type()) : "dat";
    if (!named) {
      name = with_extension(name, *right);
    } else if (type_of_name("." + std::string{*right}) != octet_stream || *right == "exe") {
      name = replace_extension(name, *right);
    }
  }

  auto data = box.copy();
  data->name = std::move(name);
  data->conventional = true;
  return FileBox{std::shared_ptr<const FileBox::Data>{std::move(data)}};
}

}  // namespace wechaty::puppet
