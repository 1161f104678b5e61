// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <grpc/health/v1/health.pb.h>
#include <gtest/gtest.h>
#include <wechaty/puppet.pb.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

// Names on the wire only: this file does not touch the generated C++ types of package wechaty.
namespace wechaty::puppet_service {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using nlohmann::json;

/// What the npm package printed.
const json& printed() {
  static const json document = [] {
    std::ifstream file{WECHATY_PUPPET_PRINTED};
    return json::parse(file);
  }();
  return document;
}

const DescriptorPool& ours() {
  // puppet.proto has no message that would make the linker take its descriptors.
  [[maybe_unused]] static const volatile auto* const linked =
      &::descriptor_table_wechaty_2fpuppet_2eproto;
  return *DescriptorPool::generated_pool();
}

json rpcs_of(const char* service, bool with_types) {
  json list = json::array();
  const auto* descriptor = ours().FindServiceByName(service);
  if (descriptor == nullptr) return list;
  for (int i = 0; i < descriptor->method_count(); ++i) {
    const auto& method = *descriptor->method(i);
    json rpc{{"clientStreaming", method.client_streaming()},
             {"serverStreaming", method.server_streaming()}};
    if (with_types) {
      rpc["name"] = method.name();
      rpc["request"] = method.input_type()->full_name();
      rpc["response"] = method.output_type()->full_name();
    } else {
      rpc["path"] = "/" + std::string{service} + "/" + method.name();
    }
    list.push_back(std::move(rpc));
  }
  return list;
}

json sorted(json list) {
  std::sort(list.begin(), list.end());
  return list;
}

std::string type_of(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return field.message_type()->full_name();
  if (field.enum_type() != nullptr) return field.enum_type()->full_name();
  return field.type_name();
}

/// Calls for each file of the package wechaty, which puppet.proto imports all.
template <class Visit>
void for_each_file(Visit visit) {
  const FileDescriptor* puppet = ours().FindFileByName("wechaty/puppet.proto");
  ASSERT_NE(puppet, nullptr);
  std::map<std::string, const FileDescriptor*> files;
  const auto collect = [&](const auto& self, const FileDescriptor* file) -> void {
    if (file->package().rfind("wechaty", 0) != 0 || !files.emplace(file->name(), file).second) {
      return;
    }
    for (int i = 0; i < file->dependency_count(); ++i) self(self, file->dependency(i));
  };
  collect(collect, puppet);
  for (const auto& [name, file] : files) visit(*file);
}

TEST(NpmWechatyGrpc, EveryRpcOfItsClassesIsOursAndNoOther) {
  ASSERT_EQ(printed().at("classes").size(), 61U);
  EXPECT_EQ(sorted(rpcs_of("wechaty.Puppet", false)), sorted(printed().at("classes")));
}

TEST(NpmWechatyGrpc, EveryRpcHasItsMessages) {
  const json theirs = printed().at("services").at("wechaty.Puppet");
  ASSERT_EQ(theirs.size(), 61U);
  EXPECT_EQ(sorted(rpcs_of("wechaty.Puppet", true)), sorted(theirs));
}

json fields_of(const Descriptor& message) {
  json fields = json::array();
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    fields.push_back({{"number", field.number()},
                      {"name", field.name()},
                      {"type", type_of(field)},
                      {"repeated", field.is_repeated()},
                      {"optional", field.has_optional_keyword()},
                      {"deprecated", field.options().deprecated()}});
  }
  return sorted(std::move(fields));
}

TEST(NpmWechatyGrpc, EveryFieldOfEveryMessageIsTheSame) {
  json messages = json::object();
  for_each_file([&](const FileDescriptor& file) {
    for (int i = 0; i < file.message_type_count(); ++i) {
      messages[file.message_type(i)->full_name()] = fields_of(*file.message_type(i));
    }
  });
  const json& theirs = printed().at("messages");
  ASSERT_EQ(theirs.size(), 125U);  // 127 with the two of the health service
  for (const auto& [name, fields] : theirs.items()) {
    ASSERT_TRUE(messages.contains(name)) << name;
    EXPECT_EQ(messages.at(name), sorted(fields)) << name;
  }
  EXPECT_EQ(messages.size(), theirs.size());
}

TEST(NpmWechatyGrpc, AFieldThatDiffersInOnePropertyIsNoticed) {
  const auto* message = ours().FindMessageTypeByName("wechaty.puppet.DingRequest");
  ASSERT_NE(message, nullptr);
  const json theirs = sorted(printed().at("messages").at("wechaty.puppet.DingRequest"));
  ASSERT_EQ(fields_of(*message), theirs);
  const json others{{"number", 2},      {"name", "text"},   {"type", "bytes"},
                    {"repeated", true}, {"optional", true}, {"deprecated", true}};
  for (const auto& [property, value] : others.items()) {
    json other = theirs;
    other[0][property] = value;
    EXPECT_NE(fields_of(*message), other) << property;
  }
}

TEST(NpmWechatyGrpc, EveryEnumHasItsNumbers) {
  json enums = json::object();
  for_each_file([&](const FileDescriptor& file) {
    for (int i = 0; i < file.enum_type_count(); ++i) {
      const EnumDescriptor& descriptor = *file.enum_type(i);
      for (int j = 0; j < descriptor.value_count(); ++j) {
        enums[descriptor.full_name()][descriptor.value(j)->name()] = descriptor.value(j)->number();
      }
    }
  });
  EXPECT_EQ(enums.size(), 8U);
  EXPECT_EQ(enums, printed().at("enums"));
}

TEST(NpmWechatyGrpc, HealthIsTheSame) {
  const json& health = printed().at("health");
  EXPECT_EQ(sorted(rpcs_of("grpc.health.v1.Health", false)), sorted(health.at("classes")));

  ::grpc::health::v1::HealthCheckRequest request;
  request.set_service("wechaty.Puppet");
  ::grpc::health::v1::HealthCheckResponse response;
  response.set_status(::grpc::health::v1::HealthCheckResponse::SERVICE_UNKNOWN);
  const auto hex = [](const auto& message) {
    std::string text;
    for (const char c : message.SerializeAsString()) {
      constexpr char digits[] = "0123456789abcdef";
      text += digits[static_cast<unsigned char>(c) >> 4];
      text += digits[static_cast<unsigned char>(c) & 15];
    }
    return text;
  };
  EXPECT_EQ(hex(request), health.at("request").get<std::string>());
  EXPECT_EQ(hex(response), health.at("response").get<std::string>());

  const EnumDescriptor& status =
      *::grpc::health::v1::HealthCheckResponse::ServingStatus_descriptor();
  json numbers = json::object();
  for (int i = 0; i < status.value_count(); ++i) {
    numbers[status.value(i)->name()] = status.value(i)->number();
  }
  EXPECT_EQ(numbers, health.at("status"));
}

}  // namespace
}  // namespace wechaty::puppet_service
