// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/naming.hpp"

#include <algorithm>
#include <array>

#include "puppet/file_box/file_box_data.hpp"
#include "wechaty/puppet/file_box/mime.hpp"

namespace wechaty::puppet {

namespace {

constexpr std::size_t bytes_to_sniff = 4'096;

/// Types that libmagic gives to many things: a known extension knows better.
bool is_generic(std::string_view type) {
  static constexpr std::array<std::string_view, 8> generic{
      octet_stream,          "application/zip", "application/x-ole-storage", "application/CDFV2",
      "application/x-empty", "application/xml", "application/json",          "application/gzip"};
  return type.starts_with("text/") || type == "inode/x-empty" ||
         std::find(generic.begin(), generic.end(), type) != generic.end();
}

/// Containers that hold sound as well as pictures; which of the two, the extension may know better.
bool is_same_family(std::string_view named, std::string_view content) {
  static constexpr std::array<std::array<std::string_view, 5>, 4> families{{
      {"video/mp4", "audio/mp4", "video/quicktime", "video/x-m4v", "video/3gpp"},
      {"audio/ogg", "video/ogg", "application/ogg", "", ""},
      {"video/webm", "audio/webm", "video/x-matroska", "", ""},
      {"image/heic", "image/heif", "image/avif", "", ""},
  }};
  return std::any_of(families.begin(), families.end(), [&](const auto& family) {
    const auto has = [&](std::string_view type) {
      return std::find(family.begin(), family.end(), type) != family.end();
    };
    return has(named) && has(content);
  });
}

std::string with_extension(std::string_view stem, std::string_view extension) {
  return safe_base_name(std::string{stem} + "." + std::string{extension});
}

}  // namespace

FileBox conventional(FileBox box, std::optional<std::string_view> declared_media_type) {
  if (box.data_->conventional && !declared_media_type) return box;
  std::string name = safe_base_name(box.name());
  const auto named = type_of_name(name);

  std::string content{octet_stream};
  if (const auto beginning = box.peek(bytes_to_sniff)) content = type_of_content(*beginning);
  if (box.type() == FileBoxType::qr_code) content = "image/png";
  const bool certain = !is_generic(content) && extension_of_type(content).has_value();

  if (named) {
    // `.dat` and `.bin` say nothing, so any content or declaration knows better.
    const bool says_nothing = *named == octet_stream && !name.ends_with(".exe");
    if (certain && *named != content && !is_same_family(*named, content)) {
      name = with_extension(std::string_view{name}.substr(0, name.rfind('.')),
                            *extension_of_type(content));
    } else if (says_nothing) {
      const std::string declared{declared_media_type.value_or(box.declared_media_type())};
      auto extension = extension_of_type(declared);
      if (!extension && content != octet_stream) extension = extension_of_type(content);
      if (extension && extension_of_type(octet_stream) != extension) {
        name = with_extension(std::string_view{name}.substr(0, name.rfind('.')), *extension);
      }
    }
  } else {
    const std::string declared{declared_media_type.value_or(box.declared_media_type())};
    auto extension = extension_of_type(declared);
    if (!extension || (certain && type_of_name("." + std::string{*extension}) != content)) {
      if (const auto by_content = extension_of_type(content)) extension = by_content;
    }
    name = with_extension(name, extension.value_or("dat"));
  }

  auto data = box.copy();
  data->name = std::move(name);
  data->conventional = true;
  return FileBox{std::shared_ptr<const FileBox::Data>{std::move(data)}};
}

}  // namespace wechaty::puppet
