// SPDX-License-Identifier: Apache-2.0
// Serves a puppet to Wechaty clients of all languages: arguments and wiring only.
#include <wechaty/puppet.hpp>
#include <wechaty/puppet_service.hpp>
#ifdef WECHATY_PUPPET_STORAGE
#include <wechaty/puppet_storage.hpp>
#endif

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "gateway_puppets.hpp"

namespace {

using namespace wechaty::puppet;
namespace service = wechaty::puppet_service;

constexpr std::string_view usage = R"(usage: puppet-gateway --puppet NAME [options]

Serves a puppet to Wechaty clients of all languages, over gRPC.

  --puppet NAME       the puppet to serve; this program has: @PUPPETS@
  --listen HOST:PORT  where to listen (default: 0.0.0.0:8788); port 0: any free one
  --token TOKEN       what clients have to show; others on this machine can read it here,
                      so better use the variable
  --insecure          plain text instead of TLS
  --tls-cert FILE     PEM file with the certificate chain, and
  --tls-key FILE      its private key; without them the gateway makes its own certificate
                      at the first start, in $XDG_STATE_HOME/wechaty-puppet/gateway
  --memory URL        where the session is kept: file:NAME, redis://..., s3://..., etcd://...
                      (default: in memory only)
  --inline-files BYTES  files up to this size travel inside the answers, for clients that cannot
                      fetch them (Python, Java); default: buffers up to 20480 only
  --start             start the puppet at once instead of when the first client asks for it
  --reflection        answer grpc.reflection.v1 and v1alpha
  --help              this text

Puppet mock:
  --world FILE        the world file; without it an empty world
Puppet xmpp, if the program was built with it:
  --jid ACCOUNT       the account, bot@example.org; without it that of the card in --memory
  --password-file FILE, --password PASSWORD
                      the first line of a file, or (for all on this machine to see) the password
                      itself; without them the variable, else the login keys on the card
  --server HOST[:PORT] where to dial instead of what the domain says
  --ca-file FILE      PEM file with certificates to trust besides the system's

Prints "listening on HOST:PORT" when clients can connect. SIGTERM and SIGINT end it in order.
Environment:
  WECHATY_PUPPET_SERVICE_TOKEN, WECHATY_TOKEN            the token
  WECHATY_PUPPET_SERVER_PORT                             the port
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER=true     plain text
  WECHATY_PUPPET_SERVICE_TLS_SERVER_CERT, ..._SERVER_KEY PEM texts; \n stands for a new line
  WECHATY_PUPPET_XMPP_JID, WECHATY_PUPPET_XMPP_PASSWORD  puppet xmpp: account and password
  WECHATY_LOG    silent, error, warn, info, verbose or silly
Arguments win over variables.
Exit status: 0 after a signal, 1 on a failure, 2 on wrong arguments.
)";

/// PEM text of a variable, where `\n` stands for a new line.
std::string pem_of(std::string text) {
  for (std::size_t at = 0; (at = text.find("\\n", at)) != std::string::npos; ++at) {
    text.replace(at, 2, "\n");
  }
  return text;
}

std::string content_of(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw InvalidArgumentError{"cannot read the file \"" + path + "\""};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// @throws InvalidArgumentError naming the option
std::uint64_t number_of(std::string_view option, std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw InvalidArgumentError{std::string{option} + ": \"" + std::string{text} +
                               "\" is no number of bytes"};
  }
  return number;
}

struct Arguments {
  PuppetArguments puppet;
  std::optional<std::string> memory;
  bool start = false;
  service::PuppetServerOptions server;
};

/// What the environment says, before the arguments.
Arguments from_environment() {
  Arguments arguments;
  auto& server = arguments.server;
  if (const auto port = variable("WECHATY_PUPPET_SERVER_PORT"))
    server.endpoint = "0.0.0.0:" + *port;
  server.token =
      variable("WECHATY_PUPPET_SERVICE_TOKEN").value_or(variable("WECHATY_TOKEN").value_or(""));
  server.tls.disable = variable("WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_SERVER") == "true";
  server.tls.server_cert = pem_of(variable("WECHATY_PUPPET_SERVICE_TLS_SERVER_CERT").value_or(""));
  server.tls.server_key = pem_of(variable("WECHATY_PUPPET_SERVICE_TLS_SERVER_KEY").value_or(""));
  return arguments;
}

/// @throws InvalidArgumentError on an argument that is not in the usage
Arguments parse(const std::vector<std::string>& words) {
  Arguments arguments = from_environment();
  auto& server = arguments.server;
  std::optional<std::string> cert;
  std::optional<std::string> key;
  std::optional<std::string> puppet;
  std::optional<std::string> listen;
  std::optional<std::string> token;
  std::optional<std::string> inline_bytes;
  bool insecure = false;
  auto& own = arguments.puppet;
  const std::map<std::string_view, std::optional<std::string>*> values = {
      {"--puppet", &puppet},
      {"--listen", &listen},
      {"--token", &token},
      {"--tls-cert", &cert},
      {"--tls-key", &key},
      {"--memory", &arguments.memory},
      {"--world", &own.world},
      {"--jid", &own.jid},
      {"--password", &own.password},
      {"--password-file", &own.password_file},
      {"--server", &own.server},
      {"--ca-file", &own.ca_file},
      {"--inline-files", &inline_bytes},
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--insecure") {
      insecure = true;
      server.tls.disable = true;
    } else if (word == "--start") {
      arguments.start = true;
    } else if (word == "--reflection") {
      server.reflection = true;
    } else if (const auto value = values.find(word); value == values.end()) {
      throw InvalidArgumentError{"unknown argument: " + word};
    } else if (i + 1 == words.size()) {
      throw InvalidArgumentError{"no value for " + word};
    } else {
      *value->second = words[++i];
    }
  }
  own.name = puppet.value_or("");
  if (listen) server.endpoint = *listen;
  if (token) server.token = *token;
  if (inline_bytes) server.inline_bytes = number_of("--inline-files", *inline_bytes);
  if (cert.has_value() != key.has_value()) {
    throw InvalidArgumentError{"--tls-cert and --tls-key go together"};
  }
  if (cert) {
    if (insecure) throw InvalidArgumentError{"--insecure and --tls-cert exclude each other"};
    server.tls.disable = false;  // as the variable may say
    server.tls.server_cert = content_of(*cert);
    server.tls.server_key = content_of(*key);
  }
  if (server.token.empty()) {
    throw InvalidArgumentError{"no token: give --token, or set WECHATY_PUPPET_SERVICE_TOKEN"};
  }
  return arguments;
}

MemoryCard open_memory(const std::string& url) {
#ifdef WECHATY_PUPPET_STORAGE
  return MemoryCard::open(url, wechaty::puppet_storage::storages());
#else
  return MemoryCard::open(url);
#endif
}

/// What a client needs to trust a certificate that the gateway has made itself.
void explain_tls(const service::PuppetServer& server) {
  if (server.ca_file().empty()) return;
  std::cerr << "puppet-gateway: TLS with the gateway's own certificate. Clients set\n"
            << "  WECHATY_PUPPET_SERVICE_TLS_CA_CERT=\"$(cat " << server.ca_file() << ")\"\n";
  if (const std::string name = server.server_name(); !name.empty()) {
    std::cerr << "  WECHATY_PUPPET_SERVICE_TLS_SERVER_NAME=" << name << "\n";
  }
  std::cerr << std::flush;
}

int run(const Arguments& arguments) {
  // Blocked before there is any other thread, so that only sigwait() below takes them.
  sigset_t signals{};
  sigset_t before{};
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, &before);

  const auto puppet = make_puppet(arguments.puppet);
  if (arguments.memory) puppet->set_memory(open_memory(*arguments.memory).multiplex("puppet"));
  service::PuppetServer server{*puppet, arguments.server};
  server.start();
  explain_tls(server);
  std::cout << "listening on " << server.endpoint() << std::endl;

  // Beside the wait for signals: a login may take its time, and must not hold up an end.
  std::exception_ptr failure;
  std::jthread starting;
  if (arguments.start) {
    starting = std::jthread{[&] {
      try {
        puppet->start();
      } catch (...) {
        failure = std::current_exception();
        ::kill(::getpid(), SIGTERM);
      }
    }};
  }
  int number = 0;
  sigwait(&signals, &number);
  std::cerr << "puppet-gateway: ending\n";
  pthread_sigmask(SIG_SETMASK, &before, nullptr);  // a second signal ends it at once
  server.stop();
  puppet->stop();
  if (starting.joinable()) starting.join();
  if (failure) std::rethrow_exception(failure);
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> words{argv + 1, argv + argc};
    const bool help = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "--help" || word == "-h";
    });
    if (help) {
      std::string text{usage};
      text.replace(text.find("@PUPPETS@"), 9, puppets_built_in());
      std::cout << text;
      return EXIT_SUCCESS;
    }
    return run(parse(words));
  } catch (const InvalidArgumentError& error) {
    std::cerr << "puppet-gateway: " << error.what() << "\nTry puppet-gateway --help.\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "puppet-gateway: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
