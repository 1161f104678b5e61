// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/reflection.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpc/health/v1/health.pb.h>
#include <wechaty/puppet.pb.h>
#include <wechaty/reflection.pb.h>

#include <set>
#include <string>

#include "puppet_service/wire/bytes.hpp"

namespace wechaty::puppet_service {
namespace {

namespace reflection = ::wechaty_wire::reflection;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

const DescriptorPool& pool() {
  // puppet.proto has no message that would make the linker take its descriptors.
  [[maybe_unused]] static const volatile auto* const linked =
      &::descriptor_table_wechaty_2fpuppet_2eproto;
  return *DescriptorPool::generated_pool();
}

/// The file, after those that it imports.
void add(const FileDescriptor& file, std::set<const FileDescriptor*>& added,
         reflection::FileDescriptorResponse& response) {
  if (!added.insert(&file).second) return;
  for (int i = 0; i < file.dependency_count(); ++i) add(*file.dependency(i), added, response);
  google::protobuf::FileDescriptorProto proto;
  file.CopyTo(&proto);
  response.add_file_descriptor_proto(proto.SerializeAsString());
}

reflection::Response answer(const reflection::Request& request) {
  reflection::Response response;
  *response.mutable_original_request() = request;
  response.set_valid_host(request.host());
  const FileDescriptor* file = nullptr;
  switch (request.message_request_case()) {
    case reflection::Request::kListServices:
      for (const char* name : {"grpc.health.v1.Health", "wechaty.Puppet"}) {
        response.mutable_list_services_response()->add_service()->set_name(name);
      }
      return response;
    case reflection::Request::kFileByFilename:
      file = pool().FindFileByName(request.file_by_filename());
      break;
    case reflection::Request::kFileContainingSymbol:
      file = pool().FindFileContainingSymbol(request.file_containing_symbol());
      break;
    default: {
      auto& error = *response.mutable_error_response();
      error.set_error_code(grpc::StatusCode::UNIMPLEMENTED);
      error.set_error_message("only files, symbols and services are answered for");
      return response;
    }
  }
  if (file == nullptr) {
    auto& error = *response.mutable_error_response();
    error.set_error_code(grpc::StatusCode::NOT_FOUND);
    error.set_error_message("no such file or symbol");
    return response;
  }
  std::set<const FileDescriptor*> added;
  add(*file, added, *response.mutable_file_descriptor_response());
  return response;
}

}  // namespace

void ReflectionCall::OnReadDone(bool ok) {
  if (!ok) {
    end(grpc::Status::OK);
    return;
  }
  reflection::Request request;
  if (!parse(request_, request)) {
    end({grpc::StatusCode::INVALID_ARGUMENT, "InvalidArgumentError: no reflection request"});
    return;
  }
  response_ = serialize(answer(request));
  unless_ended([&] { StartWrite(&response_); });
}

void ReflectionCall::OnWriteDone(bool ok) {
  if (!ok) return;
  request_.Clear();
  unless_ended([&] { StartRead(&request_); });
}

}  // namespace wechaty::puppet_service
