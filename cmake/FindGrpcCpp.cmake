# SPDX-License-Identifier: Apache-2.0
# Finds gRPC for C++ and protobuf by pkg-config; Debian ships no CMake package of either.
# Targets: GrpcCpp::GrpcCpp, and GrpcCpp::Reflection where that library is there.
# Programs, for whoever compiles .proto files: GrpcCpp_PROTOC, GrpcCpp_PLUGIN.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(GrpcCpp_PC QUIET IMPORTED_TARGET GLOBAL grpc++ protobuf)
endif()
find_library(GrpcCpp_REFLECTION_LIBRARY NAMES grpc++_reflection)
find_program(GrpcCpp_PROTOC NAMES protoc)
find_program(GrpcCpp_PLUGIN NAMES grpc_cpp_plugin)
mark_as_advanced(GrpcCpp_REFLECTION_LIBRARY GrpcCpp_PROTOC GrpcCpp_PLUGIN)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(GrpcCpp
  REQUIRED_VARS GrpcCpp_PC_LINK_LIBRARIES
  VERSION_VAR GrpcCpp_PC_grpc++_VERSION
  REASON_FAILURE_MESSAGE
    "on Debian: apt-get install pkg-config libgrpc++-dev libprotobuf-dev")

if(GrpcCpp_FOUND AND NOT TARGET GrpcCpp::GrpcCpp)
  add_library(GrpcCpp::GrpcCpp INTERFACE IMPORTED)
  target_link_libraries(GrpcCpp::GrpcCpp INTERFACE PkgConfig::GrpcCpp_PC)
  if(GrpcCpp_REFLECTION_LIBRARY)
    add_library(GrpcCpp::Reflection UNKNOWN IMPORTED)
    set_target_properties(GrpcCpp::Reflection PROPERTIES
      IMPORTED_LOCATION "${GrpcCpp_REFLECTION_LIBRARY}"
      INTERFACE_LINK_LIBRARIES GrpcCpp::GrpcCpp)
  endif()
endif()
