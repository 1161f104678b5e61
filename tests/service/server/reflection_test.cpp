// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.pb.h>
#include <grpcpp/support/sync_stream.h>
#include <gtest/gtest.h>
#include <wechaty/reflection.pb.h>

#include <set>
#include <string>

#include "service/server/served_mock.hpp"

namespace wechaty::puppet_service::test {
namespace {

namespace reflection = ::wechaty_wire::reflection;
using Stream = grpc::ClientReaderWriter<reflection::Request, reflection::Response>;
using Factory =
    grpc::internal::ClientReaderWriterFactory<reflection::Request, reflection::Response>;

class ServerReflection : public testing::TestWithParam<const char*> {
 protected:
  std::unique_ptr<Stream> open(const WireClient& client) {
    path_ =
        std::string{"/grpc.reflection."} + GetParam() + ".ServerReflection/ServerReflectionInfo";
    const grpc::internal::RpcMethod method{path_.c_str(),
                                           grpc::internal::RpcMethod::BIDI_STREAMING};
    client.prepare(context_);
    return std::unique_ptr<Stream>{Factory::Create(&client.channel(), method, &context_)};
  }
  static reflection::Response ask(Stream& stream, const reflection::Request& request) {
    reflection::Response response;
    EXPECT_TRUE(stream.Write(request) && stream.Read(&response));
    return response;
  }

  grpc::ClientContext context_;
  std::string path_;
};
INSTANTIATE_TEST_SUITE_P(Versions, ServerReflection, testing::Values("v1", "v1alpha"));

TEST_P(ServerReflection, TellsToolsTheServicesAndTheirRpcs) {
  PuppetServerOptions options = test_options();
  options.reflection = true;
  ServedMock served{options};
  const WireClient client = served.client();
  const auto stream = open(client);
  reflection::Request request;
  request.set_list_services("*");
  std::set<std::string> services;
  const auto list = ask(*stream, request).list_services_response();
  for (const auto& one : list.service()) {
    services.insert(one.name());
  }
  EXPECT_TRUE(services.contains("wechaty.Puppet"));
  EXPECT_TRUE(services.contains("grpc.health.v1.Health"));

  request.set_file_containing_symbol("wechaty.Puppet");
  const auto files = ask(*stream, request).file_descriptor_response();
  int rpcs = 0;
  for (const auto& bytes : files.file_descriptor_proto()) {
    google::protobuf::FileDescriptorProto file;
    ASSERT_TRUE(file.ParseFromString(bytes));
    for (const auto& service : file.service()) {
      if (service.name() == "Puppet") rpcs = service.method_size();
    }
  }
  EXPECT_EQ(rpcs, 61);
  request.set_file_containing_symbol("no.such.Thing");
  EXPECT_EQ(ask(*stream, request).error_response().error_code(), grpc::StatusCode::NOT_FOUND);
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_P(ServerReflection, IsNotThereUnlessItIsWanted) {
  ServedMock served;
  const WireClient client = served.client();
  const auto stream = open(client);
  stream->WritesDone();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNIMPLEMENTED);
}

}  // namespace
}  // namespace wechaty::puppet_service::test
