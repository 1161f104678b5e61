// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "puppet_service/wire/messages.hpp"

/// The deprecated twins of fields: texts in a google.protobuf.StringValue, from the time before
/// proto3 had optional fields. Peers read one or the other, so both are filled and both are read.
/// Thread: any.
namespace wechaty::puppet_service {

/// The field, or its twin where the field is empty.
[[nodiscard]] inline const std::string& twin(const std::string& field,
                                             const google::protobuf::StringValue& wrapper) {
  return field.empty() ? wrapper.value() : field;
}

/// The JSON that makes a getter a setter; "" when there is none. Python clients send `null` for
/// none.
[[nodiscard]] inline const std::string& setter_json(const std::string& field,
                                                    const google::protobuf::StringValue& wrapper) {
  static const std::string none;
  const std::string& text = twin(field, wrapper);
  return text == "null" ? none : text;
}

/// A field with presence, or its twin; nullopt when neither is there.
[[nodiscard]] inline std::optional<std::string> twin(bool has_field, const std::string& field,
                                                     bool has_wrapper,
                                                     const google::protobuf::StringValue& wrapper) {
  if (has_field) return field;
  if (has_wrapper) return wrapper.value();
  return std::nullopt;
}

/// The id of a message that was sent or forwarded, in both fields of its answer.
template <class Response>
void write_sent_id(std::string_view id, Response& response) {
  response.set_id(std::string{id});
  response.mutable_id_string_value_deprecated()->set_value(std::string{id});
}
template <class Response>
[[nodiscard]] const std::string& read_sent_id(const Response& response) {
  return twin(response.id(), response.id_string_value_deprecated());
}

}  // namespace wechaty::puppet_service
