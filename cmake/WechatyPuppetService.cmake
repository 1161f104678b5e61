# SPDX-License-Identifier: Apache-2.0
# The component `service`: the generated wire code, compiled once and without our warnings, and the
# library that hides it.
find_package(GrpcCpp REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
if(NOT GrpcCpp_PROTOC OR NOT GrpcCpp_PLUGIN)
  message(FATAL_ERROR "the component service needs protoc and grpc_cpp_plugin "
    "(on Debian: apt-get install protobuf-compiler protobuf-compiler-grpc)")
endif()

set(proto_dir ${PROJECT_SOURCE_DIR}/proto)
set(wire_dir ${PROJECT_BINARY_DIR}/wire)
file(GLOB_RECURSE protos CONFIGURE_DEPENDS RELATIVE ${proto_dir} ${proto_dir}/*.proto)
# Services only: of the other files the plugin would make nothing, and each costs a compilation.
set(services wechaty/puppet.proto grpc/health/v1/health.proto)

set(wire_sources "")
foreach(kind IN ITEMS pb grpc.pb)
  foreach(proto IN LISTS protos)
    if(kind STREQUAL "pb" OR proto IN_LIST services)
      string(REGEX REPLACE "\\.proto$" ".${kind}" stem ${proto})
      list(APPEND wire_sources ${wire_dir}/${stem}.cc ${wire_dir}/${stem}.h)
    endif()
  endforeach()
endforeach()
list(TRANSFORM protos PREPEND ${proto_dir}/ OUTPUT_VARIABLE proto_paths)
list(TRANSFORM services PREPEND ${proto_dir}/ OUTPUT_VARIABLE service_paths)
add_custom_command(
  OUTPUT ${wire_sources}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${wire_dir}
  COMMAND ${GrpcCpp_PROTOC} -I ${proto_dir} --cpp_out=${wire_dir} ${proto_paths}
  COMMAND ${GrpcCpp_PROTOC} -I ${proto_dir} --grpc_out=${wire_dir}
    --plugin=protoc-gen-grpc=${GrpcCpp_PLUGIN} ${service_paths}
  COMMAND ${CMAKE_COMMAND} "-DFILES=${wire_sources}" -P
    ${PROJECT_SOURCE_DIR}/cmake/RenameWireNamespace.cmake
  DEPENDS ${proto_paths} ${PROJECT_SOURCE_DIR}/cmake/RenameWireNamespace.cmake
  COMMENT "Generating the wire code"
  VERBATIM)

add_library(wechaty_puppet_wire OBJECT ${wire_sources})
set_target_properties(wechaty_puppet_wire PROPERTIES UNITY_BUILD OFF)  # the generator's files clash
target_include_directories(wechaty_puppet_wire SYSTEM PUBLIC ${wire_dir})
target_link_libraries(wechaty_puppet_wire PUBLIC GrpcCpp::GrpcCpp)

wechaty_puppet_library(puppet_service
  PUBLIC wechaty::puppet
  PRIVATE nlohmann_json::nlohmann_json spdlog::spdlog GrpcCpp::GrpcCpp OpenSSL::Crypto
    CURL::libcurl)
target_sources(wechaty_puppet_service PRIVATE $<TARGET_OBJECTS:wechaty_puppet_wire>)
target_include_directories(wechaty_puppet_service SYSTEM PRIVATE ${wire_dir})
add_dependencies(wechaty_puppet_service wechaty_puppet_wire)
# The protocol's deprecated fields are read and filled on purpose: half of the clients need them.
target_compile_options(wechaty_puppet_service PRIVATE -Wno-deprecated-declarations)

# For tests and benchmarks that speak the wire themselves; the code is in wechaty::puppet_service.
add_library(wechaty_puppet_wire_headers INTERFACE)
target_include_directories(wechaty_puppet_wire_headers SYSTEM INTERFACE ${wire_dir})
target_link_libraries(wechaty_puppet_wire_headers INTERFACE
  wechaty::puppet_service GrpcCpp::GrpcCpp)
target_compile_options(wechaty_puppet_wire_headers INTERFACE -Wno-deprecated-declarations)
add_dependencies(wechaty_puppet_wire_headers wechaty_puppet_wire)
