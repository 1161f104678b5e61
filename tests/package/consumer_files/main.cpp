// SPDX-License-Identifier: Apache-2.0
#include <wechaty/puppet.hpp>
#include <wechaty/puppet_qrcode.hpp>
#include <wechaty/puppet_url.hpp>

#include <iostream>

int main() {
  namespace puppet = wechaty::puppet;
  const auto resolver =
      puppet::combine({std::make_shared<wechaty::puppet_url::UrlResolver>(),
                       std::make_shared<wechaty::puppet_qrcode::QrCodeResolver>()});
  const auto code = puppet::FileBox::from_qr_code("hello").with_resolver(resolver);
  const auto picture = puppet::FileBox::from_buffer(code.to_buffer()).with_resolver(resolver);
  bool refused = false;
  try {
    static_cast<void>(
        puppet::FileBox::from_url("http://127.0.0.1/").with_resolver(resolver).open());
  } catch (const puppet::InvalidArgumentError& error) {
    refused = true;
    std::cout << error.what() << "\n";
  }
  return picture.to_qr_code() == "hello" && refused ? 0 : 1;
}
