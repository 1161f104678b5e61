// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/account.hpp"

#include <utility>

#include "puppet/file_box/read_fully.hpp"
#include "puppet_service/wire/file_boxes.hpp"
#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace wechaty::puppet_service {

using puppet::FileBox;
using puppet::FileBoxType;

namespace {

/// As many bytes as conventional() looks at.
constexpr std::size_t sniffed_bytes = 4'096;

std::shared_ptr<puppet::FileBoxResolver> resolver_for(
    const std::shared_ptr<puppet::UuidStore>& files, const PuppetServerOptions& options) {
  if (!options.resolver) return files;
  return puppet::combine({files, options.resolver});
}

}  // namespace

Account::Account(puppet::Puppet& puppet, const PuppetServerOptions& options)
    : puppet_{puppet},
      token_{options.token},
      inline_bytes_{options.inline_bytes},
      file_age_{options.files.max_age},
      files_{std::make_shared<puppet::UuidStore>(options.files)},
      resolver_{resolver_for(files_, options)},
      events_{puppet,
              {.journal_events = options.limits.journal_events,
               .journal_bytes = options.limits.journal_bytes,
               // A beat is looked for eight times an interval at least (tick_of).
               .heartbeat_interval = options.heartbeat_interval * 7 / 8,
               .health_timeout = options.health_timeout}} {}

FileBox Account::readable(const FileBox& box) {
  const bool elsewhere = box.type() == FileBoxType::url || box.type() == FileBoxType::uuid ||
                         box.type() == FileBoxType::qr_code;
  return elsewhere ? box.with_resolver(resolver_) : box;
}

FileBox Account::incoming(std::string_view text, std::string_view field) {
  const FileBox box = read_box(text, field);
  if (box.type() != FileBoxType::uuid) return readable(box);
  return readable(box.with_name(name_of_content(box.reference(), box.name())));
}

FileBox Account::uploaded(const std::string& uuid, const std::string& name, std::uint64_t size) {
  return readable(
      FileBox::from_uuid(uuid, {.name = name_of_content(uuid, name), .size = size, .md5 = {}}));
}

/// @throws NotFoundError when the upload has expired or never was
std::string Account::name_of_content(const std::string& uuid, const std::string& name) {
  std::vector<std::byte> beginning(sniffed_bytes);
  const auto source = files_->load_uuid(uuid);
  beginning.resize(puppet::read_fully(*source, beginning));
  return puppet::conventional(FileBox::from_buffer(std::move(beginning), name)).name();
}

std::string Account::outgoing(const FileBox& box, const std::string& key) {
  if (form_of(box) != BoxForm::stored) return box_text(box);
  const auto size = box.size();
  if (size && *size > 0 && *size <= inline_bytes_) return inline_text(box);
  return box_text(box, store(box, key));
}

std::string Account::store(const FileBox& box, const std::string& key) {
  if (!key.empty()) {
    const std::lock_guard lock{stored_mutex_};
    const Stored* const known = stored_.find(key);
    // Whoever gets it has at least half of its time to fetch it.
    if (known && Clock::now() - known->since < file_age_ / 2) return known->uuid;
  }
  const auto now = Clock::now();
  const auto content = box.open();
  std::string uuid = files_->save_uuid(*content);
  if (!key.empty()) {
    const std::lock_guard lock{stored_mutex_};
    stored_.put(key, {uuid, now});
  }
  return uuid;
}

Account* Accounts::find(std::string_view token) const {
  const TokenDigest shown{token};
  for (const auto& account : accounts_) {
    if (account->token() == shown) return account.get();
  }
  return nullptr;
}

}  // namespace wechaty::puppet_service
