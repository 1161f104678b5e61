// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <map>
#include <string>
#include <string_view>

#include "puppet_service/server/account.hpp"
#include "puppet_service/wire/bytes.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {

/// What a handler of a unary rpc gets to know beside its message.
struct Incoming {
  Account& account;
  const std::string& peer;  ///< which connection; set where UnaryMethod::with_peer says so

  [[nodiscard]] puppet::Puppet& puppet() const { return account.puppet(); }
};

/// A unary rpc.
struct UnaryMethod {
  /// Carries it out; may block. @throws what the puppet throws
  void (*handle)(const Incoming& incoming, const grpc::ByteBuffer& request,
                 grpc::ByteBuffer& response) = nullptr;
  /// Carries it out if that takes no waiting. @result whether it did
  bool (*handle_at_once)(const Incoming& incoming, const grpc::ByteBuffer& request,
                         grpc::ByteBuffer& response) = nullptr;
  bool with_peer = false;
  /// Start and Stop: the caller is told when it takes long, and may go without ending it.
  bool goes_on_alone = false;
  /// Stop: done also when the caller has gone before it began. A Start is not, for a Stop that the
  /// same caller sent after it may be through already.
  bool begins_alone = false;
};

/// Rpc name, e.g. "ContactPayload", to what it does.
using UnaryMethods = std::map<std::string, UnaryMethod, std::less<>>;

namespace detail {

template <class Message>
Message parse_request(const grpc::ByteBuffer& bytes) {
  Message message;
  if (!parse(bytes, message)) {
    throw puppet::InvalidArgumentError{"the request is no " + message.GetTypeName()};
  }
  return message;
}

template <class Function>
struct Handler;
template <class Request, class Response>
struct Handler<void (*)(const Incoming&, const Request&, Response&)> {
  template <auto function>
  static void call(const Incoming& incoming, const grpc::ByteBuffer& in, grpc::ByteBuffer& out) {
    const Request request = parse_request<Request>(in);
    Response response;
    function(incoming, request, response);
    out = serialize(response);
  }
};
template <class Request, class Response>
struct Handler<bool (*)(const Incoming&, const Request&, Response&)> {
  template <auto function>
  static bool call(const Incoming& incoming, const grpc::ByteBuffer& in, grpc::ByteBuffer& out) {
    const Request request = parse_request<Request>(in);
    Response response;
    if (!function(incoming, request, response)) return false;
    out = serialize(response);
    return true;
  }
};

}  // namespace detail

/// A method from a function of messages, void(const Incoming&, const Request&, Response&).
template <auto function>
[[nodiscard]] UnaryMethod method() {
  return {.handle = detail::Handler<decltype(function)>::template call<function>};
}
/// The same for a payload, with a function that answers from the cache, and returns whether it
/// could.
template <auto function, auto at_once>
[[nodiscard]] UnaryMethod method() {
  return {.handle = detail::Handler<decltype(function)>::template call<function>,
          .handle_at_once = detail::Handler<decltype(at_once)>::template call<at_once>};
}

void add_base_methods(UnaryMethods& methods);
void add_contact_methods(UnaryMethods& methods);
void add_friendship_methods(UnaryMethods& methods);
void add_message_methods(UnaryMethods& methods);
void add_room_methods(UnaryMethods& methods);
void add_tag_methods(UnaryMethods& methods);

/// All unary rpcs of wechaty.Puppet. Thread: any.
[[nodiscard]] const UnaryMethods& unary_methods();

}  // namespace wechaty::puppet_service
