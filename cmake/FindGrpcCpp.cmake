# SPDX-License-Identifier: Apache-2.0
# Finds gRPC for C++ and protobuf by pkg-config; Debian ships no CMake package of either.
# Target: GrpcCpp::GrpcCpp.
# Programs, for whoever compiles .proto files: GrpcCpp_PROTOC, GrpcCpp_PLUGIN.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(GrpcCpp_PC QUIET IMPORTED_TARGET GLOBAL grpc++ protobuf)
endif()
find_program(GrpcCpp_PROTOC NAMES protoc)
find_program(GrpcCpp_PLUGIN NAMES grpc_cpp_plugin)
mark_as_advanced(GrpcCpp_PROTOC GrpcCpp_PLUGIN)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GrpcCpp
  REQUIRED_VARS GrpcCpp_PC_LINK_LIBRARIES
  VERSION_VAR GrpcCpp_PC_grpc++_VERSION
  REASON_FAILURE_MESSAGE
    "on Debian: apt-get install pkg-config libgrpc++-dev libprotobuf-dev")

if(GrpcCpp_FOUND AND NOT TARGET GrpcCpp::GrpcCpp)
  add_library(GrpcCpp::GrpcCpp INTERFACE IMPORTED)
  target_link_libraries(GrpcCpp::GrpcCpp INTERFACE PkgConfig::GrpcCpp_PC)
endif()
