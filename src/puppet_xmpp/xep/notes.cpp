// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/notes.hpp"

#include <algorithm>

#include "puppet_xmpp/jid.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::string_view phone_mark = "phone: ";
constexpr std::string_view corporation_mark = "corporation: ";

std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

}  // namespace

Note Notes::parse(std::string_view text) {
  Note note;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(phone_mark)) {
      note.phones.emplace_back(line.substr(phone_mark.size()));
    } else if (line.starts_with(corporation_mark)) {
      note.corporation = line.substr(corporation_mark.size());
    } else {
      if (!note.description.empty()) note.description += '\n';
      note.description += line;
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return note;
}

std::string Notes::to_text(const Note& note) {
  std::string text;
  const auto add = [&](std::string_view mark, const std::string& line) {
    if (!text.empty()) text += '\n';
    text += mark;
    text += line;
  };
  for (const auto& phone : note.phones) add(phone_mark, one_line(phone));
  if (!note.corporation.empty()) add(corporation_mark, one_line(note.corporation));
  if (!note.description.empty()) add({}, note.description);
  return text;
}

Note Notes::find(std::string_view jid) {
  const auto all = load();
  const auto found = all.find(std::string{jid});
  return found == all.end() ? Note{} : parse(found->second);
}

std::map<std::string, std::string> Notes::load() {
  const Element answer = request(
      wire_,
      iq_get().add(Element{"query", ns::private_storage}.add(Element{"storage", ns::roster_notes})),
      "notes on contacts");
  std::map<std::string, std::string> all;
  const Element* const query = answer.child("query", ns::private_storage);
  const Element* const storage = query ? query->child("storage", ns::roster_notes) : nullptr;
  if (storage == nullptr) return all;
  for (const Element& note : storage->children) {
    const std::string jid = bare_jid(note.attr("jid"));
    if (note.name == "note" && !jid.empty()) all[jid] = note.text;
  }
  return all;
}

void Notes::save(const std::map<std::string, std::string>& all) {
  Element storage{"storage", ns::roster_notes};
  for (const auto& [jid, text] : all) {
    if (!text.empty()) storage.add(Element{"note", {}, text}.set("jid", jid));
  }
  static_cast<void>(
      request(wire_, iq_set().add(Element{"query", ns::private_storage}.add(std::move(storage))),
              "notes on contacts"));
}

}  // namespace wechaty::puppet_xmpp
