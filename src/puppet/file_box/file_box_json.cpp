// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "puppet/file_box/file_box_data.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

[[noreturn]] void wrong(std::string_view field, std::string_view wanted) {
  throw InvalidArgumentError{"FileBox." + std::string{field} + ": expected " + std::string{wanted}};
}

std::string text_of(const nlohmann::json& json, const char* field) {
  const auto found = json.find(field);
  if (found == json.end() || found->is_null()) return {};
  if (!found->is_string()) wrong(field, "a string");
  return found->get<std::string>();
}

std::string required_text(const nlohmann::json& json, const char* field) {
  std::string text = text_of(json, field);
  if (text.empty() && !json.contains(field)) wrong(field, "a string, it is missing");
  return text;
}

/// -1, a missing size and anything below stand for "unknown".
std::optional<std::uint64_t> size_of(const nlohmann::json& json) {
  const auto found = json.find("size");
  if (found == json.end() || found->is_null()) return std::nullopt;
  if (!found->is_number_integer()) wrong("size", "a whole number");
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  return std::nullopt;
}

FileBoxType type_of(const nlohmann::json& json) {
  for (const char* field : {"type", "boxType"}) {
    const auto found = json.find(field);
    if (found == json.end() || found->is_null()) continue;
    if (!found->is_number_integer()) wrong(field, "a number");
    const auto number = found->get<std::int64_t>();
    if (number == 0) continue;
    if (number < 0 || number > 7) {
      throw InvalidArgumentError{"unknown filebox json object{type}: " + std::to_string(number)};
    }
    return static_cast<FileBoxType>(number);
  }
  throw InvalidArgumentError{"unknown filebox json object{type}: no type"};
}

/// npm has numbers and lists among the values; a list is sent as one line.
std::string header_text(const std::string& name, const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number()) return value.dump();
  if (!value.is_array()) wrong("headers." + name, "a string, a number or a list");
  std::string line;
  for (const auto& item : value) {
    if (!item.is_string()) wrong("headers." + name, "strings in the list");
    if (!line.empty()) line += ", ";
    line += item.get<std::string>();
  }
  return line;
}

}  // namespace

std::string FileBox::to_json_text() const {
  nlohmann::ordered_json json;
  if (!data_->md5.empty()) json["md5"] = data_->md5;
  json["metadata"] = nlohmann::ordered_json::parse(data_->metadata);
  json["name"] = data_->name;
  const auto known_size = size();
  json["size"] = known_size ? nlohmann::ordered_json(*known_size) : nlohmann::ordered_json(-1);
  switch (data_->type) {
    case FileBoxType::base64: json["base64"] = reference(); break;
    case FileBoxType::url:
      if (!data_->content->headers.empty()) json["headers"] = data_->content->headers;
      break;
    case FileBoxType::qr_code: json["qrCode"] = reference(); break;
    case FileBoxType::uuid: break;
    default:
      throw UnsupportedError{"FileBox.toJSON() can only work on limited FileBoxType(s): \"" +
                             data_->name + "\" has to become base64 or a UUID first"};
  }
  json["type"] = static_cast<int>(data_->type);
  if (data_->type == FileBoxType::url) json["url"] = reference();
  if (data_->type == FileBoxType::uuid) json["uuid"] = reference();
  json["boxType"] = static_cast<int>(data_->type);
  return json.dump();
}

FileBox FileBox::from_json_text(std::string_view text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) throw InvalidArgumentError{"FileBox: the text is no JSON"};
  return from_json(json);
}

FileBox FileBox::from_json(const nlohmann::json& json) {
  if (!json.is_object()) throw InvalidArgumentError{"FileBox: expected a JSON object"};
  const std::string name = text_of(json, "name");
  const std::string md5 = text_of(json, "md5");
  const auto read = [&]() -> FileBox {
    switch (type_of(json)) {
      case FileBoxType::base64:
        return from_base64(required_text(json, "base64"), name.empty() ? "base64.dat" : name, md5);
      case FileBoxType::qr_code: return from_qr_code(required_text(json, "qrCode"), md5);
      case FileBoxType::uuid:
        return from_uuid(required_text(json, "uuid"),
                         {.name = name, .size = size_of(json), .md5 = md5});
      case FileBoxType::url: {
        UrlOptions options{.name = name, .size = size_of(json), .md5 = md5, .headers = {}};
        if (const auto headers = json.find("headers");
            headers != json.end() && !headers->is_null()) {
          if (!headers->is_object()) wrong("headers", "an object");
          for (const auto& [key, value] : headers->items()) {
            options.headers.emplace(key, header_text(key, value));
          }
        }
        return from_url(required_text(json, "url"), std::move(options));
      }
      default:
        throw InvalidArgumentError{
            "unknown filebox json object{type}: buffers, files and streams are not in JSON"};
    }
  };
  const FileBox box = read();
  const auto metadata = json.find("metadata");
  if (metadata == json.end() || metadata->is_null()) return box;
  return box.with_metadata(*metadata);
}

FileBox FileBox::with_metadata(const nlohmann::json& object) const {
  if (!object.is_object()) wrong("metadata", "an object");
  auto data = copy();
  data->metadata = object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return FileBox{std::shared_ptr<const Data>{std::move(data)}};
}

void to_json(nlohmann::json& json, const FileBox& box) {
  json = nlohmann::json::parse(box.to_json_text());
}

void from_json(const nlohmann::json& json, FileBox& box) { box = FileBox::from_json(json); }

}  // namespace wechaty::puppet
