// SPDX-License-Identifier: Apache-2.0
// What can be done with a FileBox, without a network. Quoted in docs/file-box.md.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <span>
#include <string>

#include "wechaty/puppet/error.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/file_box/uuid_store.hpp"
#include "wechaty/puppet/options.hpp"
#include "wechaty/puppet_qrcode.hpp"
#include "wechaty/puppet_url.hpp"

namespace {

using namespace wechaty::puppet;
using wechaty::puppet_qrcode::QrCodeResolver;
using wechaty::puppet_url::any_address;
using wechaty::puppet_url::UrlResolver;

void show(const std::string& text) { std::cout << text << "\n"; }

// [resolver]
PuppetOptions options_with_files() {
  PuppetOptions options;
  options.file_resolver =
      combine({std::make_shared<UrlResolver>(), std::make_shared<QrCodeResolver>(),
               std::make_shared<UuidStore>()});
  return options;
}
// [/resolver]

// [forms]
void show_forms(const std::string& folder) {
  const FileBox hello = FileBox::from_data_url("data:text/plain;base64,aGVsbG8=", "hello.txt");
  show(hello.to_text());       // hello
  show(hello.to_json_text());  // as in every Wechaty language

  hello.to_file(folder + "/hello.txt");
  const FileBox file = FileBox::from_file(folder + "/hello.txt");
  show(file.to_base64());  // aGVsbG8=
}
// [/forms]

// [streams]
void show_streams(const std::string& path) {
  const FileBox stream = FileBox::from_stream(FileBox::from_file(path).open(), "hello.txt");
  std::size_t bytes = 0;
  stream.pipe([&](std::span<const std::byte> chunk) { bytes += chunk.size(); });
  show(std::to_string(bytes) + " bytes");
  try {
    static_cast<void>(stream.to_text());
  } catch (const ConsumedError& error) {
    show(error.what());
  }
}
// [/streams]

// [codes]
void show_codes(const std::shared_ptr<FileBoxResolver>& resolver) {
  const FileBox code = FileBox::from_qr_code("https://wechaty.js.org").with_resolver(resolver);
  const FileBox picture = FileBox::from_buffer(code.to_buffer(), "scan.png");  // a PNG
  show(picture.with_resolver(resolver).to_qr_code());  // https://wechaty.js.org
}
// [/codes]

// [uuids]
void show_uuids() {
  const auto store = std::make_shared<UuidStore>(UuidStoreOptions{.max_bytes = 100'000'000});
  const FileBox photo = FileBox::from_buffer("a photo", "photo.jpg").with_resolver(store);
  const std::string uuid = photo.to_uuid();
  show(FileBox::from_uuid(uuid, {.name = "photo.jpg"}).with_resolver(store).to_text());

  const auto writer = store->writer();  // for what arrives in pieces
  writer->write(std::as_bytes(std::span{"piece by piece", 14}));
  show(FileBox::from_uuid(writer->finish()).with_resolver(store).to_text());
}
// [/uuids]

// [urls]
void show_urls() {
  using namespace std::chrono_literals;
  const auto careful = std::make_shared<UrlResolver>();
  const FileBox inside = FileBox::from_url("http://127.0.0.1:1/admin").with_resolver(careful);
  try {
    static_cast<void>(inside.open());
  } catch (const InvalidArgumentError& error) {
    show(error.what());  // ... leads to the address 127.0.0.1, which may not be connected to
  }
  const auto at_home = std::make_shared<UrlResolver>(wechaty::puppet_url::UrlResolverOptions{
      .stall_timeout = 5s, .max_bytes = 20'000'000, .may_connect = any_address});
  try {
    show(inside.with_resolver(at_home).ready().name());  // asks for name, type and size
  } catch (const NetworkError& error) {
    show(error.what());
  }
}
// [/urls]

}  // namespace

int main() {
  std::string folder = (std::filesystem::temp_directory_path() / "file-boxes-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 1;
  show_forms(folder);
  show_streams(folder + "/hello.txt");
  show_codes(options_with_files().file_resolver);
  show_uuids();
  show_urls();
  std::filesystem::remove_all(folder);
  show("all shown");
}
