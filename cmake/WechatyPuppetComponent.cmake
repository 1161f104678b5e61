# SPDX-License-Identifier: Apache-2.0
# wechaty_puppet_library(<name>): declares the library target wechaty_<name>, its alias
# wechaty::<name>, its warnings, its include path and its place in the export set.
# The sources are all *.cpp files below the calling folder's <name> folder (src/puppet,
# src/puppet_mock, ...), so that a new file needs no line here.
#
#   wechaty_puppet_library(puppet_mock
#     PUBLIC  wechaty::puppet          # what a consumer's compiler and linker see
#     PRIVATE qrcodegencpp)            # what only our sources see
function(wechaty_puppet_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "PUBLIC;PRIVATE")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_library(wechaty_${name} ${sources})
  add_library(wechaty::${name} ALIAS wechaty_${name})
  set_target_properties(wechaty_${name} PROPERTIES
    EXPORT_NAME ${name}
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_compile_features(wechaty_${name} PUBLIC cxx_std_20)
  target_include_directories(wechaty_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_include_directories(wechaty_${name} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(wechaty_${name} PUBLIC ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  # Not linked: a static library's private links would be exported.
  target_compile_options(wechaty_${name} PRIVATE
    $<TARGET_PROPERTY:wechaty_puppet_warnings,INTERFACE_COMPILE_OPTIONS>)
  set_property(GLOBAL APPEND PROPERTY WECHATY_PUPPET_LIBRARIES wechaty_${name})
endfunction()
