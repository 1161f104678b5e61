// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/endpoints.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <utility>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::uint16_t client_port = 5222;  // RFC 6120, section 14.7
constexpr int seconds_a_try = 2;
constexpr int tries = 2;
constexpr std::size_t largest_answer = 65'535;

sockaddr_in address_of(const std::string& name_server) {
  const auto colon = name_server.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  std::uint16_t port = NS_DEFAULTPORT;
  bool is_good = ::inet_pton(AF_INET, name_server.substr(0, colon).c_str(), &address.sin_addr) == 1;
  if (colon != std::string::npos) {
    const char* const end = name_server.data() + name_server.size();
    const auto [rest, problem] = std::from_chars(name_server.data() + colon + 1, end, port);
    is_good = is_good && problem == std::errc{} && rest == end && port != 0;
  }
  if (!is_good) {
    throw puppet::InvalidArgumentError{"XmppOptions.name_server: no IPv4 address: \"" +
                                       name_server + "\""};
  }
  address.sin_port = htons(port);
  return address;
}

/// The system's resolver, with its state for itself.
class Resolver {
 public:
  explicit Resolver(const std::string& name_server) {
    usable_ = ::res_ninit(&state_) == 0;
    state_.retrans = seconds_a_try;
    state_.retry = tries;
    if (name_server.empty()) return;
    state_.nscount = 1;
    state_.nsaddr_list[0] = address_of(name_server);
  }
  ~Resolver() { ::res_nclose(&state_); }
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  /// @result the answer of the name server; empty when there is none
  std::vector<unsigned char> query(const std::string& name) {
    std::vector<unsigned char> answer(largest_answer);
    const int size = !usable_ ? -1
                              : ::res_nquery(&state_, name.c_str(), ns_c_in, ns_t_srv,
                                             answer.data(), static_cast<int>(answer.size()));
    answer.resize(static_cast<std::size_t>(std::clamp(size, 0, static_cast<int>(answer.size()))));
    return answer;
  }

 private:
  struct __res_state state_ {};
  bool usable_ = false;
};

std::uint16_t number_at(const unsigned char* bytes) {
  return static_cast<std::uint16_t>((bytes[0] << 8U) | bytes[1]);
}

}  // namespace

void check_name_server(const std::string& name_server) {
  if (!name_server.empty()) static_cast<void>(address_of(name_server));
}

std::optional<std::vector<SrvRecord>> look_up_srv(const std::string& name,
                                                  const std::string& name_server) {
  const auto answer = Resolver{name_server}.query(name);
  ns_msg message{};
  if (answer.empty() ||
      ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0) {
    return std::nullopt;
  }
  std::vector<SrvRecord> records;
  bool refused = false;
  for (int i = 0; i < ns_msg_count(message, ns_s_an); ++i) {
    ns_rr record{};
    constexpr int fixed = 6;  // priority, weight, port
    if (ns_parserr(&message, ns_s_an, i, &record) != 0 || ns_rr_type(record) != ns_t_srv ||
        ns_rr_rdlen(record) <= fixed) {
      continue;
    }
    const unsigned char* const data = ns_rr_rdata(record);
    std::array<char, NS_MAXDNAME> host{};
    if (::dn_expand(answer.data(), answer.data() + answer.size(), data + fixed, host.data(),
                    host.size()) < 0) {
      continue;
    }
    if (host[0] == '\0' || std::string_view{host.data()} == ".") {
      refused = true;  // RFC 2782: decidedly not available
      continue;
    }
    records.push_back({.priority = number_at(data),
                       .weight = number_at(data + 2),
                       .target = {.host = host.data(), .port = number_at(data + 4)}});
  }
  if (records.empty() && !refused) return std::nullopt;
  return records;
}

std::vector<Endpoint> in_order(std::vector<SrvRecord> records,
                               const std::function<std::uint32_t(std::uint32_t below)>& random) {
  std::stable_sort(records.begin(), records.end(), [](const auto& one, const auto& other) {
    return std::pair{one.priority, one.weight} < std::pair{other.priority, other.weight};
  });
  std::vector<Endpoint> ordered;
  while (!records.empty()) {
    const auto last = std::find_if(records.begin(), records.end(), [&](const auto& record) {
      return record.priority != records.front().priority;
    });
    std::uint32_t sum = 0;
    for (auto i = records.begin(); i != last; ++i) sum += i->weight;
    std::uint32_t mark = random(sum + 1);
    auto chosen = records.begin();
    while (chosen->weight < mark) mark -= (chosen++)->weight;
    ordered.push_back(std::move(chosen->target));
    records.erase(chosen);
  }
  return ordered;
}

std::vector<Endpoint> endpoints_of(const XmppOptions& options, const std::string& domain) {
  const std::string& host = options.host.empty() ? domain : options.host;
  if (options.port != 0) return {{.host = host, .port = options.port}};
  if (!options.host.empty()) return {{.host = host, .port = client_port}};
  const bool direct = options.tls == TlsMode::direct;
  const auto records =
      look_up_srv(std::string{direct ? "_xmpps-client._tcp." : "_xmpp-client._tcp."} + domain,
                  options.name_server);
  if (records) {
    std::mt19937 engine{std::random_device{}()};
    return in_order(*records, [&](std::uint32_t below) {
      return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(engine);
    });
  }
  if (direct) return {};  // no port is known for it
  return {{.host = domain, .port = client_port}};
}

}  // namespace wechaty::puppet_xmpp
