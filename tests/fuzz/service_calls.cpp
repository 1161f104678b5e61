// SPDX-License-Identifier: Apache-2.0
// Any bytes as the frames of any rpc, through gRPC, on a server with a mock puppet: each call must
// come to its end. The first byte chooses the rpc, the second the credentials, which may be any
// text; each further frame begins with its length.
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/slice.h>
#include <grpcpp/support/sync_stream.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/fuzz.hpp"
#include "puppet_service/server/methods.hpp"
#include "wechaty/puppet_mock.hpp"
#include "wechaty/puppet_service.hpp"

using namespace wechaty;
using wechaty::puppet::fuzz::require;
using wechaty::puppet::fuzz::text_of;

namespace {

/// Those of the corpus stand first: its files name them by their number.
const std::vector<std::string> rpcs = [] {
  std::vector<std::string> all{"wechaty.Puppet/Upload",
                               "wechaty.Puppet/Download",
                               "wechaty.Puppet/MessageSendFileStream",
                               "wechaty.Puppet/MessageFileStream",
                               "wechaty.Puppet/MessageImageStream",
                               "wechaty.Puppet/MessageSendFile",
                               "wechaty.Puppet/MessageSendText",
                               "wechaty.Puppet/MessageSendUrl",
                               "wechaty.Puppet/MessageSendMiniProgram",
                               "wechaty.Puppet/MessageSendLocation",
                               "wechaty.Puppet/ContactPayload",
                               "wechaty.Puppet/ContactAlias",
                               "wechaty.Puppet/ContactAvatar",
                               "wechaty.Puppet/FriendshipPayload",
                               "wechaty.Puppet/FriendshipAdd",
                               "wechaty.Puppet/RoomInvitationPayload",
                               "wechaty.Puppet/RoomCreate",
                               "wechaty.Puppet/DirtyPayload",
                               "wechaty.Puppet/Ding",
                               "wechaty.Puppet/NoSuchRpc",
                               "grpc.health.v1.Health/Check",
                               "grpc.reflection.v1.ServerReflection/ServerReflectionInfo"};
  for (const auto& [name, method] : puppet_service::unary_methods()) {
    all.push_back("wechaty.Puppet/" + name);
  }
  return all;
}();

/// A header may hold these letters only; gRPC's client takes no others.
std::string header_text(std::string_view text) {
  std::string result{text.substr(0, 200)};
  for (char& c : result) c = static_cast<char>(32 + (static_cast<unsigned char>(c) + 63) % 95);
  return result;
}

struct Server {
  Server() {
    puppet_service::PuppetServerOptions options;
    options.endpoint = "unix:/tmp/wechaty-fuzz-" + std::to_string(::getpid());
    options.token = "token";
    options.tls.disable = true;
    options.reflection = true;
    options.limits.upload_bytes = 10'000;
    options.files.max_age = std::chrono::seconds{5};
    world->add_contact({.id = "alice", .name = "Alice"});
    server = std::make_unique<puppet_service::PuppetServer>(puppet, options);
    server->start();
    puppet.start();
    grpc::ChannelArguments arguments;
    arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "token");
    channel =
        grpc::CreateCustomChannel(options.endpoint, grpc::InsecureChannelCredentials(), arguments);
  }
  ~Server() {
    server.reset();
    puppet.stop();
  }
  void restart() {
    puppet.stop();
    puppet.start();
  }

  std::shared_ptr<puppet_mock::World> world = std::make_shared<puppet_mock::World>();
  puppet_mock::PuppetMock puppet{world};
  std::unique_ptr<puppet_service::PuppetServer> server;
  std::shared_ptr<grpc::Channel> channel;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Server server;
  if (size < 2) return 0;
  if (!server.puppet.is_logged_in()) server.restart();  // an input has logged it out
  const std::string path = "/" + rpcs.at(data[0] % rpcs.size());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds{10});
  std::string_view rest = text_of(data + 2, size - 2);
  if (data[1] % 4 == 1) context.AddMetadata("authorization", "Wechaty token");
  if (data[1] % 4 == 2) {
    context.AddMetadata("authorization-bin", std::string{rest.substr(0, 100)});
  }
  if (data[1] % 4 == 3) context.AddMetadata("authorization", header_text(rest));
  const grpc::internal::RpcMethod method{path.c_str(), grpc::internal::RpcMethod::BIDI_STREAMING};
  const std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream{
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          server.channel.get(), method, &context)};
  while (!rest.empty()) {
    const auto length = static_cast<unsigned char>(rest[0]);
    const grpc::Slice slice{std::string{rest.substr(1, length)}};
    if (!stream->Write(grpc::ByteBuffer{&slice, 1})) break;
    rest.remove_prefix(std::min<std::size_t>(rest.size(), std::size_t{1} + length));
  }
  stream->WritesDone();
  grpc::ByteBuffer answer;
  while (stream->Read(&answer)) {
  }
  const grpc::Status status = stream->Finish();
  require(status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED, "the call ends", path);
  require(status.error_code() != grpc::StatusCode::UNAVAILABLE, "the server lives",
          status.error_message());
  return 0;
}
