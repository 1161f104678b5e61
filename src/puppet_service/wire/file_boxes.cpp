// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/wire/file_boxes.hpp"

#include <nlohmann/json.hpp>

#include "puppet_service/wire/text.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"

namespace wechaty::puppet_service {

using puppet::FileBox;
using puppet::FileBoxType;

namespace {

bool is_small(const FileBox& box) {
  // An empty content has no base64 form: readers refuse the empty text.
  const auto size = box.size();
  return size && *size > 0 && *size <= pass_through_size;
}

FileBox with_metadata_of(const FileBox& other, const FileBox& box) {
  return other.metadata_text() == "{}"
             ? box
             : box.with_metadata(nlohmann::json::parse(other.metadata_text()));
}

/// How URLs are called in the JSON of file-box before 1.0, which bots in Python, Go and Java read
/// and write to this day.
constexpr const char* old_url = "remoteUrl";

std::string text_of(const FileBox& box) {
  try {
    if (box.type() != FileBoxType::url) return box.to_json_text();
    auto json = nlohmann::ordered_json::parse(box.to_json_text());
    json[old_url] = json.at("url");
    return json.dump();
  } catch (const nlohmann::json::exception& error) {
    throw puppet::ContractError{"the file \"" + box.name() +
                                "\" cannot be written as JSON: " + error.what()};
  }
}

}  // namespace

BoxForm form_of(const FileBox& box) {
  switch (box.type()) {
    case FileBoxType::url:
    case FileBoxType::qr_code: return BoxForm::as_it_is;
    case FileBoxType::base64: return is_small(box) ? BoxForm::as_it_is : BoxForm::stored;
    case FileBoxType::buffer: return is_small(box) ? BoxForm::base64 : BoxForm::stored;
    default: return BoxForm::stored;
  }
}

std::string box_text(const FileBox& box) {
  return form_of(box) == BoxForm::base64 ? inline_text(box) : text_of(box);
}

std::string inline_text(const FileBox& box) {
  return text_of(
      with_metadata_of(box, FileBox::from_base64(box.to_base64(), box.name(), box.md5())));
}

std::string box_text(const FileBox& box, const std::string& uuid) {
  return text_of(with_metadata_of(
      box, FileBox::from_uuid(uuid, {.name = box.name(), .size = box.size(), .md5 = box.md5()})));
}

FileBox read_box(std::string_view text, std::string_view field) {
  nlohmann::json json = parse_json(text, field);
  if (json.is_object() && json.contains(old_url) && !json.contains("url")) {
    json["url"] = json.at(old_url);
  }
  FileBox box = FileBox::from_json(json);
  if (box.type() == FileBoxType::uuid && !puppet::UuidStore::is_uuid(box.reference())) {
    throw puppet::InvalidArgumentError{std::string{field} + ": the uuid is no UUID"};
  }
  return box;
}

}  // namespace wechaty::puppet_service
