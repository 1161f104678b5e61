// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/xep/upload.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "puppet_xmpp/jid.hpp"
#include "puppet_xmpp/xep/forms.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

/// Bytes that were read to learn how many there are.
class TextSource final : public puppet::ByteSource {
 public:
  explicit TextSource(std::string text) : text_{std::move(text)} {}
  std::size_t read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), text_.size() - place_);
    std::memcpy(buffer.data(), text_.data() + place_, count);
    place_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t place_ = 0;
};

bool is_allowed_header(std::string_view name) {
  return name == "Authorization" || name == "Cookie" || name == "Expires";
}

}  // namespace

Uploads::Service Uploads::service() {
  {
    const std::lock_guard lock{mutex_};
    if (service_) return *service_;
  }
  const auto own = Jid::parse(wire_.self());
  const std::string domain = own ? own->domain : std::string{};
  std::vector<std::string> candidates{domain};
  for (auto& jid : disco_.items(domain)) candidates.push_back(std::move(jid));
  for (const auto& jid : candidates) {
    DiscoInfo info;
    try {
      info = disco_.info(jid);
    } catch (const puppet::TimeoutError&) {
      throw;
    } catch (const puppet::CancelledError&) {
      throw;
    } catch (const puppet::Error&) {
      continue;  // a component that is down
    }
    if (!info.has(ns::upload)) continue;
    Service found{.jid = jid};
    const std::string most = form_field(info.query, "max-file-size").value_or("");
    std::from_chars(most.data(), most.data() + most.size(), found.max_size);
    const std::lock_guard lock{mutex_};
    service_ = found;
    return found;
  }
  throw puppet::UnsupportedError{"the server \"" + domain +
                                 "\" has no storage for files (XEP-0363)"};
}

Uploads::Stored Uploads::store(const puppet::FileBox& file, const std::stop_token& stop) {
  const Service service_of = service();
  std::unique_ptr<puppet::ByteSource> content;
  std::uint64_t size = 0;
  if (const auto known = file.size()) {
    content = file.open();
    size = *known;
  } else {  // a slot is for an exact size
    std::string text = file.to_text();
    size = text.size();
    content = std::make_unique<TextSource>(std::move(text));
  }
  if (service_of.max_size > 0 && size > service_of.max_size) {
    throw puppet::TooLargeError{"the file \"" + file.name() + "\" has " + std::to_string(size) +
                                " bytes, the server takes " + std::to_string(service_of.max_size)};
  }
  const Element answer = request(wire_,
                                 iq_get(service_of.jid)
                                     .add(Element{"request", ns::upload}
                                              .set("filename", file.name())
                                              .set("size", std::to_string(size))
                                              .set("content-type", file.media_type())),
                                 "place for the file \"" + file.name() + "\"");
  const Element* const slot = answer.child("slot", ns::upload);
  const Element* const put = slot ? slot->child("put") : nullptr;
  const Element* const get = slot ? slot->child("get") : nullptr;
  if (put == nullptr || get == nullptr) {
    throw puppet::Error{"\"" + service_of.jid + "\" gave a place without addresses"};
  }
  std::vector<std::pair<std::string, std::string>> headers;
  for (const Element& header : put->children) {
    std::string value = header.text;  // no second header by a line feed
    std::erase_if(value, [](char c) { return c == '\r' || c == '\n'; });
    if (header.name == "header" && is_allowed_header(header.attr("name"))) {
      headers.emplace_back(header.attr("name"), std::move(value));
    }
  }
  headers.emplace_back("Content-Type", file.media_type());
  Stored stored{.url = std::string{get->attr("url")}, .size = size};
  http_put(std::string{put->attr("url")}, headers, *content, size, limits_, stop);
  const std::lock_guard lock{mutex_};
  own_origin_ = origin_of(stored.url);
  return stored;
}

HttpFile Uploads::fetch(const std::string& url, const std::stop_token& stop) {
  if (origin_of(url).empty()) {
    throw puppet::InvalidArgumentError{"\"" + url + "\" is not fetched: not a URL of the web"};
  }
  return http_get(url, own_origin(), limits_, stop);
}

/// Where our storage is, only a slot tells: one that is never filled.
std::string Uploads::own_origin() {
  {
    const std::lock_guard lock{mutex_};
    if (own_origin_) return *own_origin_;
  }
  std::optional<std::string> origin;
  try {
    const Element answer = wire_.ask(iq_get(service().jid)
                                         .add(Element{"request", ns::upload}
                                                  .set("filename", "where")
                                                  .set("size", "1")
                                                  .set("content-type", "text/plain")));
    const Element* const slot = answer.child("slot", ns::upload);
    const Element* const get = slot ? slot->child("get") : nullptr;
    if (get != nullptr) origin = origin_of(get->attr("url"));
  } catch (const puppet::UnsupportedError&) {  // there is none
    origin.emplace();
  }
  const std::lock_guard lock{mutex_};
  if (!own_origin_) own_origin_ = origin;
  return origin.value_or("");
}

}  // namespace wechaty::puppet_xmpp
