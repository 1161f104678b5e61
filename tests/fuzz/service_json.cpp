// SPDX-License-Identifier: Apache-2.0
// The JSON in the fields of the puppet service, and the credentials in its headers.
#include <nlohmann/json.hpp>
#include <variant>

#include "fuzz/fuzz.hpp"
#include "puppet_service/server/auth.hpp"
#include "puppet_service/server/server_certificate.hpp"
#include "puppet_service/wire/events.hpp"
#include "puppet_service/wire/file_boxes.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"

using namespace wechaty::puppet_service;
using wechaty::puppet::FileBox;
using wechaty::puppet::fuzz::require;
using wechaty::puppet::fuzz::text_of;
using wechaty::puppet::fuzz::unless_refused;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  unless_refused([&] {
    const FileBox box = read_box(text, "field");
    if (form_of(box) == BoxForm::stored) return;
    const std::string json = box_text(box);
    require(nlohmann::json::accept(json), "what goes out is JSON", json);
    require(read_box(json, "field").name() == box.name(), "the name goes there and back", json);
  });
  unless_refused([&] { (void)json_text(read_mini_program_json(text)); });
  unless_refused([&] { (void)json_text(read_url_link_json(text)); });
  for (int number = 0; number < 34; ++number) {
    pb::EventResponse message;
    message.set_type(static_cast<pb::EventType>(number));
    message.set_payload(std::string{text});
    unless_refused([&] {
      const auto event = read_event(message);
      if (!event) return;
      const auto again = write_event(*event);
      require(again.has_value(), "an event that was read can be sent");
      require(nlohmann::json::accept(again->payload()), "it is JSON", again->payload());
    });
  }
  require(utf8(utf8(text)) == utf8(text), "UTF-8 stays as it is", text);

  const auto shown = shown_token(text, text);
  if (const auto* status = std::get_if<grpc::Status>(&shown)) {
    require(status->error_code() == grpc::StatusCode::UNAUTHENTICATED, "a refusal has its code");
  }
  for (const auto& name : certificate_names(text)) {
    require(name.find_first_of(",\n;=") == std::string::npos, "a name is only a name", name);
  }
  return 0;
}
