// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/file_box/file_box_resolver.hpp"

#include <algorithm>
#include <utility>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/url_text.hpp"

namespace wechaty::puppet {

namespace {

class Combined final : public FileBoxResolver {
 private:
  template <class Ask, class GiveUp>
  auto first_that_can(Ask ask, GiveUp give_up) {
    for (const auto& resolver : resolvers_) {
      try {
        return ask(*resolver);
      } catch (const UnsupportedError&) {
        continue;
      }
    }
    return give_up();
  }

 public:
  explicit Combined(std::vector<std::shared_ptr<FileBoxResolver>> resolvers)
      : resolvers_{std::move(resolvers)} {}

  std::unique_ptr<ByteSource> open_url(const std::string& url,
                                       const std::map<std::string, std::string>& headers) override {
    return first_that_can([&](FileBoxResolver& one) { return one.open_url(url, headers); },
                          [&] { return FileBoxResolver::open_url(url, headers); });
  }
  UrlDetails describe_url(const std::string& url,
                          const std::map<std::string, std::string>& headers) override {
    return first_that_can([&](FileBoxResolver& one) { return one.describe_url(url, headers); },
                          [&] { return FileBoxResolver::describe_url(url, headers); });
  }
  std::unique_ptr<ByteSource> load_uuid(const std::string& uuid) override {
    return first_that_can([&](FileBoxResolver& one) { return one.load_uuid(uuid); },
                          [&] { return FileBoxResolver::load_uuid(uuid); });
  }
  std::string save_uuid(ByteSource& content) override {
    return first_that_can([&](FileBoxResolver& one) { return one.save_uuid(content); },
                          [&] { return FileBoxResolver::save_uuid(content); });
  }
  std::vector<std::byte> encode_qr_code(const std::string& text) override {
    return first_that_can([&](FileBoxResolver& one) { return one.encode_qr_code(text); },
                          [&] { return FileBoxResolver::encode_qr_code(text); });
  }
  std::string decode_qr_code(std::span<const std::byte> picture) override {
    return first_that_can([&](FileBoxResolver& one) { return one.decode_qr_code(picture); },
                          [&] { return FileBoxResolver::decode_qr_code(picture); });
  }

 private:
  const std::vector<std::shared_ptr<FileBoxResolver>> resolvers_;
};

}  // namespace

std::unique_ptr<ByteSource> FileBoxResolver::open_url(const std::string& url,
                                                      const std::map<std::string, std::string>&) {
  throw UnsupportedError{"FileBox: no resolver here can fetch " + url_without_secrets(url)};
}
UrlDetails FileBoxResolver::describe_url(const std::string& url,
                                         const std::map<std::string, std::string>&) {
  throw UnsupportedError{"FileBox: no resolver here can ask for " + url_without_secrets(url)};
}
std::unique_ptr<ByteSource> FileBoxResolver::load_uuid(const std::string& uuid) {
  throw UnsupportedError{"FileBox: no resolver here can load the UUID " + uuid};
}
std::string FileBoxResolver::save_uuid(ByteSource&) {
  throw UnsupportedError{"FileBox: no resolver here can save under a UUID"};
}
std::vector<std::byte> FileBoxResolver::encode_qr_code(const std::string&) {
  throw UnsupportedError{"FileBox: no resolver here can draw a QR code"};
}
std::string FileBoxResolver::decode_qr_code(std::span<const std::byte>) {
  throw UnsupportedError{"FileBox: no resolver here can read a QR code"};
}

std::shared_ptr<FileBoxResolver> combine(std::vector<std::shared_ptr<FileBoxResolver>> resolvers) {
  if (std::find(resolvers.begin(), resolvers.end(), nullptr) != resolvers.end()) {
    throw InvalidArgumentError{"combine: a resolver is null"};
  }
  return std::make_shared<Combined>(std::move(resolvers));
}

}  // namespace wechaty::puppet
