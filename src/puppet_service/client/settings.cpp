// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/settings.hpp"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "puppet_service/client/community_root.hpp"
#include "puppet_service/wire/token.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

using puppet::InvalidArgumentError;

/// The option if it has a text, else the first of the variables that has one.
std::string option_or(const std::optional<std::string>& option,
                      std::initializer_list<const char*> variables) {
  if (option && !option->empty()) return *option;
  for (const char* const variable : variables) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

/// Lines of a text that was squeezed into one: `\n` stands for their ends.
std::string with_lines(std::string text) {
  for (auto place = text.find("\\n"); place != std::string::npos; place = text.find("\\n", place)) {
    text.replace(place, 2, "\n");
  }
  return text;
}

std::string without_scheme(std::string address) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (address.starts_with(scheme)) address.erase(0, scheme.size());
  }
  while (address.ends_with('/')) address.pop_back();
  return address;
}

void require_positive(std::chrono::milliseconds time, const char* name) {
  if (time.count() > 0) return;
  throw InvalidArgumentError{"PuppetServiceOptions." + std::string{name} +
                             " must be positive, got " + std::to_string(time.count()) + " ms"};
}

}  // namespace

std::string Settings::where() const {
  return endpoint.empty() ? "the server that " + authority + " names" : endpoint;
}

Settings settle(const puppet::PuppetOptions& options, const PuppetServiceOptions& service) {
  require_positive(service.start_timeout, "start_timeout");
  require_positive(service.connect_timeout, "connect_timeout");
  require_positive(service.call_timeout, "call_timeout");
  require_positive(service.transfer_timeout, "transfer_timeout");
  require_positive(service.silence, "silence");
  require_positive(service.probe_timeout, "probe_timeout");
  require_positive(service.first_pause, "first_pause");

  Settings settings{.options = service};
  settings.token =
      option_or(options.token, {"WECHATY_PUPPET_SERVICE_TOKEN", "WECHATY_PUPPET_HOSTIE_TOKEN"});
  if (settings.token.empty()) {
    throw InvalidArgumentError{
        "PuppetService: no token: give PuppetOptions.token or set WECHATY_PUPPET_SERVICE_TOKEN"};
  }
  // It becomes a header, and a part of a URL.
  if (std::any_of(settings.token.begin(), settings.token.end(),
                  [](char c) { return c <= ' ' || c > '~'; })) {
    throw InvalidArgumentError{"PuppetService: the token has a character that is no ASCII text"};
  }
  settings.endpoint = option_or(
      options.endpoint, {"WECHATY_PUPPET_SERVICE_ENDPOINT", "WECHATY_PUPPET_HOSTIE_ENDPOINT"});
  if (settings.endpoint.find("://") != std::string::npos) {
    throw InvalidArgumentError{"PuppetService: the endpoint has to be host:port, got \"" +
                               settings.endpoint + "\""};
  }
  settings.authority = option_or(service.authority, {"WECHATY_PUPPET_SERVICE_AUTHORITY",
                                                     "WECHATY_SERVICE_DISCOVERY_ENDPOINT"});
  settings.authority =
      settings.authority.empty() ? "api.chatie.io" : without_scheme(settings.authority);

  const char* const plain = std::getenv("WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT");
  settings.tls =
      !service.tls.disable.value_or(plain != nullptr && std::string_view{plain} == "true");
  if (!settings.tls) return settings;

  settings.ca_cert =
      with_lines(option_or(service.tls.ca_cert, {"WECHATY_PUPPET_SERVICE_TLS_CA_CERT"}));
  if (settings.ca_cert.empty()) settings.ca_cert = community_root;
  if (settings.ca_cert.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    throw InvalidArgumentError{
        "PuppetService: the certificate to trust has to be PEM text (not the name of a file)"};
  }
  settings.server_name =
      option_or(service.tls.server_name, {"WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME"});
  if (settings.server_name.empty()) settings.server_name = server_name_of(settings.token);
  if (settings.server_name.empty()) {
    throw InvalidArgumentError{
        "PuppetService: TLS needs to know the server's name: put it in front of the token "
        "(\"insecure_<token>\" for a server with the community's certificate), set "
        "WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME, or switch TLS off with "
        "WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT=true"};
  }
  return settings;
}

}  // namespace wechaty::puppet_service
