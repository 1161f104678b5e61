// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/mixins/message_mixin.hpp"

// The hooks of MessageMixin where a puppet does not override them.

namespace wechaty::puppet {

MessagePayload MessageMixin::do_message_payload(std::string_view) {
  core_.unsupported(Capability::message_payload);
}

std::string MessageMixin::do_message_contact(std::string_view) {
  core_.unsupported(Capability::message_contact);
}

FileBox MessageMixin::do_message_file(std::string_view) {
  core_.unsupported(Capability::message_file);
}

FileBox MessageMixin::do_message_image(std::string_view, ImageType) {
  core_.unsupported(Capability::message_image);
}

MiniProgramPayload MessageMixin::do_message_mini_program(std::string_view) {
  core_.unsupported(Capability::message_mini_program);
}

UrlLinkPayload MessageMixin::do_message_url(std::string_view) {
  core_.unsupported(Capability::message_url);
}

LocationPayload MessageMixin::do_message_location(std::string_view) {
  core_.unsupported(Capability::message_location);
}

std::string MessageMixin::do_message_send_text(std::string_view, std::string_view,
                                               const MessageSendOptions&) {
  core_.unsupported(Capability::message_send_text);
}

std::string MessageMixin::do_message_send_file(std::string_view, const FileBox&) {
  core_.unsupported(Capability::message_send_file);
}

std::string MessageMixin::do_message_send_contact(std::string_view, std::string_view) {
  core_.unsupported(Capability::message_send_contact);
}

std::string MessageMixin::do_message_send_url(std::string_view, const UrlLinkPayload&) {
  core_.unsupported(Capability::message_send_url);
}

std::string MessageMixin::do_message_send_mini_program(std::string_view,
                                                       const MiniProgramPayload&) {
  core_.unsupported(Capability::message_send_mini_program);
}

std::string MessageMixin::do_message_send_location(std::string_view, const LocationPayload&) {
  core_.unsupported(Capability::message_send_location);
}

std::string MessageMixin::do_message_send_post(std::string_view, const PostPayload&) {
  core_.unsupported(Capability::message_send_post);
}

std::string MessageMixin::do_message_forward(std::string_view, std::string_view) {
  core_.unsupported(Capability::message_forward);
}

bool MessageMixin::do_message_recall(std::string_view) {
  core_.unsupported(Capability::message_recall);
}

std::optional<bool> MessageMixin::implements(Capability capability) const {
  switch (capability) {
    case Capability::message_payload:
      return hooks_.overrides(this, &MessageMixin::do_message_payload);
    case Capability::message_contact:
      return hooks_.overrides(this, &MessageMixin::do_message_contact);
    case Capability::message_file: return hooks_.overrides(this, &MessageMixin::do_message_file);
    case Capability::message_image: return hooks_.overrides(this, &MessageMixin::do_message_image);
    case Capability::message_mini_program:
      return hooks_.overrides(this, &MessageMixin::do_message_mini_program);
    case Capability::message_url: return hooks_.overrides(this, &MessageMixin::do_message_url);
    case Capability::message_location:
      return hooks_.overrides(this, &MessageMixin::do_message_location);
    case Capability::message_send_text:
      return hooks_.overrides(this, &MessageMixin::do_message_send_text);
    case Capability::message_send_file:
      return hooks_.overrides(this, &MessageMixin::do_message_send_file);
    case Capability::message_send_contact:
      return hooks_.overrides(this, &MessageMixin::do_message_send_contact);
    case Capability::message_send_url:
      return hooks_.overrides(this, &MessageMixin::do_message_send_url);
    case Capability::message_send_mini_program:
      return hooks_.overrides(this, &MessageMixin::do_message_send_mini_program);
    case Capability::message_send_location:
      return hooks_.overrides(this, &MessageMixin::do_message_send_location);
    case Capability::message_send_post:
      return hooks_.overrides(this, &MessageMixin::do_message_send_post);
    case Capability::message_forward:
      return hooks_.overrides(this, &MessageMixin::do_message_forward);
    case Capability::message_recall:
      return hooks_.overrides(this, &MessageMixin::do_message_recall);
    default: return std::nullopt;
  }
}

}  // namespace wechaty::puppet
