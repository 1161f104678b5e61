// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/etcd_client.hpp"

#include <utility>

#include "puppet_storage/retry.hpp"

namespace wechaty::puppet_storage {

using nlohmann::json;
using puppet::StorageError;

namespace {

json parsed(const std::string& where, const std::string& body) {
  auto answer = json::parse(body, nullptr, false);
  if (!answer.is_object()) throw StorageError{where + " answers, but not as etcd does"};
  return answer;
}

[[noreturn]] void throw_refusal(const std::string& where, const HttpResponse& response) {
  const auto answer = json::parse(response.body, nullptr, false);
  std::string text = where + ": HTTP " + std::to_string(response.status);
  int code = 0;
  if (answer.is_object()) {
    code = answer.value("code", 0);
    text += ": " + answer.value("message", answer.value("error", std::string{}));
  }
  constexpr int deadline_exceeded = 4;
  constexpr int unavailable = 14;  // gRPC codes
  if (response.status >= 500 || code == unavailable || code == deadline_exceeded) {
    throw TransientError{text};
  }
  if (response.status == 401 || response.status == 403 ||
      text.find("authentication failed") != std::string::npos ||
      text.find("user name is empty") != std::string::npos) {
    text += " (the password is read from WECHATY_PUPPET_ETCD_PASSWORD, the user from the URL)";
  }
  throw StorageError{text};
}

}  // namespace

std::string etcd_number(const json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return "0";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

EtcdClient::EtcdClient(EtcdOptions options) : options_{std::move(options)} {
  if (options_.endpoints.empty()) {
    throw puppet::InvalidArgumentError{"etcd: there is no endpoint"};
  }
  for (const auto& endpoint : options_.endpoints) {
    if (endpoint.find('@') != std::string::npos) {
      throw puppet::InvalidArgumentError{
          "etcd: an endpoint is http://host[:port] or https://host[:port]; user and password do "
          "not belong there"};
    }
    clients_.push_back(std::make_unique<HttpClient>(
        options_.remote, HttpClient::Tls{options_.ca_file, options_.cert_file, options_.key_file}));
  }
}

std::string EtcdClient::where() const {
  std::string text = "etcd";
  for (const auto& endpoint : options_.endpoints) {
    const auto host = endpoint.find("//");
    text += ' ' + (host == std::string::npos ? endpoint : endpoint.substr(host + 2));
  }
  return text;
}

HttpResponse EtcdClient::post(std::string_view path, const json& request,
                              const std::string& token) {
  const std::string body = request.dump();
  HttpRequest http{.method = "POST",
                   .url = options_.endpoints[current_] + "/v3/" + std::string{path},
                   .headers = {"Content-Type: application/json"},
                   .body = body};
  if (!token.empty()) http.headers.push_back("Authorization: " + token);
  try {
    return clients_[current_]->send(http);
  } catch (const TransientError& error) {
    const std::string where_it_was = options_.endpoints[current_];
    current_ = (current_ + 1) % clients_.size();
    throw TransientError{"etcd " + where_it_was + ": " + error.what()};
  } catch (const StorageError& error) {
    throw StorageError{"etcd " + options_.endpoints[current_] + ": " + error.what()};
  }
}

void EtcdClient::authenticate() {
  const auto response =
      post("auth/authenticate", {{"name", options_.user}, {"password", options_.password}}, {});
  if (response.status != 200) throw_refusal(where(), response);
  token_ = parsed(where(), response.body).value("token", std::string{});
}

json EtcdClient::call(std::string_view path, const json& request) {
  const std::scoped_lock lock{mutex_};
  if (!options_.user.empty() && token_.empty()) authenticate();
  auto response = post(path, request, token_);
  if (response.status == 401 && !options_.user.empty()) {  // tokens are forgotten after a while
    authenticate();
    response = post(path, request, token_);
  }
  if (response.status != 200) throw_refusal(where(), response);
  return parsed(where(), response.body);
}

}  // namespace wechaty::puppet_storage
