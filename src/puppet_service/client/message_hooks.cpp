// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/client.hpp"
#include "puppet_service/wire/payloads.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"

// Messages. Where a field has a deprecated twin both are sent and both are read. The base makes a
// ContractError of a send that returns no id, and names the hook.

namespace wechaty::puppet_service {

namespace {

[[noreturn]] void no_content(std::string_view what, std::string_view message_id) {
  throw puppet::NotFoundError{std::string{what} + ": the server has no such content for \"" +
                              std::string{message_id} + "\""};
}

}  // namespace

puppet::MessagePayload PuppetService::do_message_payload(std::string_view id) {
  pb::MessagePayloadRequest request;
  request.set_id(std::string{id});
  return read(client_->call("MessagePayload", &Stub::MessagePayload, request));
}

std::string PuppetService::do_message_contact(std::string_view id) {
  pb::MessageContactRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("MessageContact", &Stub::MessageContact, request);
  if (answer.id().empty()) no_content("MessageContact", id);
  return answer.id();
}

puppet::FileBox PuppetService::do_message_file(std::string_view id) {
  return client_->files().message_file(id);
}

puppet::FileBox PuppetService::do_message_image(std::string_view id, puppet::ImageType type) {
  return client_->files().message_image(id, type);
}

puppet::MiniProgramPayload PuppetService::do_message_mini_program(std::string_view id) {
  pb::MessageMiniProgramRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("MessageMiniProgram", &Stub::MessageMiniProgram, request);
  if (answer.has_mini_program()) return read(answer.mini_program());
  if (answer.mini_program_deprecated().empty()) no_content("MessageMiniProgram", id);
  return read_mini_program_json(answer.mini_program_deprecated());
}

puppet::UrlLinkPayload PuppetService::do_message_url(std::string_view id) {
  pb::MessageUrlRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("MessageUrl", &Stub::MessageUrl, request);
  if (answer.has_url_link()) return read(answer.url_link());
  if (answer.url_link_deprecated().empty()) no_content("MessageUrl", id);
  return read_url_link_json(answer.url_link_deprecated());
}

puppet::LocationPayload PuppetService::do_message_location(std::string_view id) {
  pb::MessageLocationRequest request;
  request.set_id(std::string{id});
  const auto answer = client_->call("MessageLocation", &Stub::MessageLocation, request);
  if (!answer.has_location()) no_content("MessageLocation", id);
  return read(answer.location());
}

std::string PuppetService::do_message_send_text(std::string_view conversation_id,
                                                std::string_view text,
                                                const puppet::MessageSendOptions& options) {
  pb::MessageSendTextRequest request;
  request.set_conversation_id(std::string{conversation_id});
  request.set_text(utf8(text));
  for (const auto& id : options.mention_id_list) request.add_mentional_ids(id);
  return client_->send({.conversation_id = conversation_id, .text = text}, [&] {
    return read_sent_id(client_->call("MessageSendText", &Stub::MessageSendText, request));
  });
}

std::string PuppetService::do_message_send_file(std::string_view conversation_id,
                                                const puppet::FileBox& file) {
  return client_->send({.conversation_id = conversation_id},
                       [&] { return client_->files().send(conversation_id, file); });
}

std::string PuppetService::do_message_send_contact(std::string_view conversation_id,
                                                   std::string_view contact_id) {
  pb::MessageSendContactRequest request;
  request.set_conversation_id(std::string{conversation_id});
  request.set_contact_id(std::string{contact_id});
  return client_->send({.conversation_id = conversation_id}, [&] {
    return read_sent_id(client_->call("MessageSendContact", &Stub::MessageSendContact, request));
  });
}

std::string PuppetService::do_message_send_url(std::string_view conversation_id,
                                               const puppet::UrlLinkPayload& link) {
  pb::MessageSendUrlRequest request;
  request.set_conversation_id(std::string{conversation_id});
  write(link, *request.mutable_url_link());
  request.set_url_link_deprecated(json_text(link));
  return client_->send({.conversation_id = conversation_id}, [&] {
    return read_sent_id(client_->call("MessageSendUrl", &Stub::MessageSendUrl, request));
  });
}

std::string PuppetService::do_message_send_mini_program(
    std::string_view conversation_id, const puppet::MiniProgramPayload& mini_program) {
  pb::MessageSendMiniProgramRequest request;
  request.set_conversation_id(std::string{conversation_id});
  write(mini_program, *request.mutable_mini_program());
  request.set_mini_program_deprecated(json_text(mini_program));
  return client_->send({.conversation_id = conversation_id}, [&] {
    return read_sent_id(
        client_->call("MessageSendMiniProgram", &Stub::MessageSendMiniProgram, request));
  });
}

std::string PuppetService::do_message_send_location(std::string_view conversation_id,
                                                    const puppet::LocationPayload& location) {
  pb::MessageSendLocationRequest request;
  request.set_conversation_id(std::string{conversation_id});
  write(location, *request.mutable_location());
  return client_->send({.conversation_id = conversation_id}, [&] {
    return client_->call("MessageSendLocation", &Stub::MessageSendLocation, request).id();
  });
}

std::string PuppetService::do_message_forward(std::string_view conversation_id,
                                              std::string_view id) {
  pb::MessageForwardRequest request;
  request.set_conversation_id(std::string{conversation_id});
  request.set_message_id(std::string{id});
  return client_->send({.conversation_id = conversation_id, .forwarded = true}, [&] {
    return read_sent_id(client_->call("MessageForward", &Stub::MessageForward, request));
  });
}

bool PuppetService::do_message_recall(std::string_view id) {
  pb::MessageRecallRequest request;
  request.set_id(std::string{id});
  return client_->call("MessageRecall", &Stub::MessageRecall, request).success();
}

}  // namespace wechaty::puppet_service
