// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"

namespace wechaty::puppet_service {
namespace {

void message_payload(const Incoming& incoming, const pb::MessagePayloadRequest& request,
                     pb::MessagePayloadResponse& response) {
  write(incoming.puppet().message_payload(request.id()), response);
}

bool cached_message_payload(const Incoming& incoming, const pb::MessagePayloadRequest& request,
                            pb::MessagePayloadResponse& response) {
  const auto payload = incoming.puppet().message_payload_cache(request.id());
  if (payload) write(*payload, response);
  return payload.has_value();
}

void message_contact(const Incoming& incoming, const pb::MessageContactRequest& request,
                     pb::MessageContactResponse& response) {
  response.set_id(utf8(incoming.puppet().message_contact(request.id())));
}

void message_file(const Incoming& incoming, const pb::MessageFileRequest& request,
                  pb::MessageFileResponse& response) {
  response.set_file_box(incoming.account.outgoing(incoming.puppet().message_file(request.id()),
                                                  "file " + request.id()));
}

void message_image(const Incoming& incoming, const pb::MessageImageRequest& request,
                   pb::MessageImageResponse& response) {
  const auto type = puppet::enum_from_number<puppet::ImageType>(static_cast<int>(request.type()))
                        .value_or(puppet::ImageType::unknown);
  response.set_file_box(
      incoming.account.outgoing(incoming.puppet().message_image(request.id(), type),
                                "image " + std::to_string(request.type()) + " " + request.id()));
}

void message_mini_program(const Incoming& incoming, const pb::MessageMiniProgramRequest& request,
                          pb::MessageMiniProgramResponse& response) {
  const auto payload = incoming.puppet().message_mini_program(request.id());
  write(payload, *response.mutable_mini_program());
  response.set_mini_program_deprecated(json_text(payload));
}

void message_url(const Incoming& incoming, const pb::MessageUrlRequest& request,
                 pb::MessageUrlResponse& response) {
  const auto payload = incoming.puppet().message_url(request.id());
  write(payload, *response.mutable_url_link());
  response.set_url_link_deprecated(json_text(payload));
}

void message_location(const Incoming& incoming, const pb::MessageLocationRequest& request,
                      pb::MessageLocationResponse& response) {
  write(incoming.puppet().message_location(request.id()), *response.mutable_location());
}

void message_recall(const Incoming& incoming, const pb::MessageRecallRequest& request,
                    pb::MessageRecallResponse& response) {
  response.set_success(incoming.puppet().message_recall(request.id()));
}

void message_forward(const Incoming& incoming, const pb::MessageForwardRequest& request,
                     pb::MessageForwardResponse& response) {
  write_sent_id(
      utf8(incoming.puppet().message_forward(request.conversation_id(), request.message_id())),
      response);
}

void message_send_contact(const Incoming& incoming, const pb::MessageSendContactRequest& request,
                          pb::MessageSendContactResponse& response) {
  write_sent_id(
      utf8(incoming.puppet().message_send_contact(request.conversation_id(), request.contact_id())),
      response);
}

void message_send_text(const Incoming& incoming, const pb::MessageSendTextRequest& request,
                       pb::MessageSendTextResponse& response) {
  write_sent_id(
      utf8(incoming.puppet().message_send_text(
          request.conversation_id(), request.text(),
          {.mention_id_list = {request.mentional_ids().begin(), request.mentional_ids().end()}})),
      response);
}

void message_send_file(const Incoming& incoming, const pb::MessageSendFileRequest& request,
                       pb::MessageSendFileResponse& response) {
  write_sent_id(
      utf8(incoming.puppet().message_send_file(
          request.conversation_id(),
          incoming.account.incoming(request.file_box(), "MessageSendFileRequest.file_box"))),
      response);
}

void message_send_mini_program(const Incoming& incoming,
                               const pb::MessageSendMiniProgramRequest& request,
                               pb::MessageSendMiniProgramResponse& response) {
  const auto payload = request.has_mini_program()
                           ? read(request.mini_program())
                           : read_mini_program_json(request.mini_program_deprecated());
  write_sent_id(
      utf8(incoming.puppet().message_send_mini_program(request.conversation_id(), payload)),
      response);
}

void message_send_url(const Incoming& incoming, const pb::MessageSendUrlRequest& request,
                      pb::MessageSendUrlResponse& response) {
  const auto payload = request.has_url_link() ? read(request.url_link())
                                              : read_url_link_json(request.url_link_deprecated());
  write_sent_id(utf8(incoming.puppet().message_send_url(request.conversation_id(), payload)),
                response);
}

void message_send_location(const Incoming& incoming, const pb::MessageSendLocationRequest& request,
                           pb::MessageSendLocationResponse& response) {
  response.set_id(utf8(incoming.puppet().message_send_location(request.conversation_id(),
                                                               read(request.location()))));
}

}  // namespace

void add_message_methods(UnaryMethods& methods) {
  methods["MessagePayload"] = method<&message_payload, &cached_message_payload>();
  methods["MessageContact"] = method<&message_contact>();
  methods["MessageFile"] = method<&message_file>();
  methods["MessageImage"] = method<&message_image>();
  methods["MessageMiniProgram"] = method<&message_mini_program>();
  methods["MessageUrl"] = method<&message_url>();
  methods["MessageLocation"] = method<&message_location>();
  methods["MessageRecall"] = method<&message_recall>();
  methods["MessageForward"] = method<&message_forward>();
  methods["MessageSendContact"] = method<&message_send_contact>();
  methods["MessageSendText"] = method<&message_send_text>();
  methods["MessageSendFile"] = method<&message_send_file>();
  methods["MessageSendMiniProgram"] = method<&message_send_mini_program>();
  methods["MessageSendUrl"] = method<&message_send_url>();
  methods["MessageSendLocation"] = method<&message_send_location>();
}

}  // namespace wechaty::puppet_service
