// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "puppet_service/server/methods.hpp"
#include "puppet_service/wire/messages.hpp"
#include "puppet_service/wire/text.hpp"
#include "puppet_service/wire/twins.hpp"

namespace wechaty::puppet_service {
namespace {

void tag_contact_add(const Incoming& incoming, const pb::TagContactAddRequest& request,
                     pb::TagContactAddResponse&) {
  incoming.puppet().tag_contact_add(request.id(), request.contact_id());
}

void tag_contact_remove(const Incoming& incoming, const pb::TagContactRemoveRequest& request,
                        pb::TagContactRemoveResponse&) {
  incoming.puppet().tag_contact_remove(request.id(), request.contact_id());
}

void tag_contact_delete(const Incoming& incoming, const pb::TagContactDeleteRequest& request,
                        pb::TagContactDeleteResponse&) {
  incoming.puppet().tag_contact_delete(request.id());
}

/// Differs: the reference throws away what it has found for one contact.
void tag_contact_list(const Incoming& incoming, const pb::TagContactListRequest& request,
                      pb::TagContactListResponse& response) {
  const std::string& contact =
      twin(request.contact_id(), request.contact_id_string_value_deprecated());
  const auto tags = contact.empty() ? incoming.puppet().tag_contact_list()
                                    : incoming.puppet().tag_contact_list(contact);
  for (const auto& tag : tags) response.add_ids(utf8(tag));
}

}  // namespace

void add_tag_methods(UnaryMethods& methods) {
  methods["TagContactAdd"] = method<&tag_contact_add>();
  methods["TagContactRemove"] = method<&tag_contact_remove>();
  methods["TagContactDelete"] = method<&tag_contact_delete>();
  methods["TagContactList"] = method<&tag_contact_list>();
}

}  // namespace wechaty::puppet_service
