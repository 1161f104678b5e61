# SPDX-License-Identifier: Apache-2.0
# Install, export and packages. One export set a component, so that a consumer who asks for `mock`
# needs nothing that only `storage` links.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/WechatyPuppet)

get_property(libraries GLOBAL PROPERTY WECHATY_PUPPET_LIBRARIES)
foreach(library IN LISTS libraries)
  string(REGEX REPLACE "^wechaty_" "" name ${library})  # puppet, puppet_mock, ...
  install(TARGETS ${library} EXPORT ${library} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(EXPORT ${library} FILE ${name}Targets.cmake NAMESPACE wechaty:: DESTINATION ${package_dir})
  install(DIRECTORY include/wechaty/${name} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wechaty)
  install(FILES include/wechaty/${name}.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/wechaty)
endforeach()

configure_package_config_file(cmake/WechatyPuppetConfig.cmake.in
  ${PROJECT_BINARY_DIR}/WechatyPuppetConfig.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WechatyPuppetConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WechatyPuppetConfig.cmake
  ${PROJECT_BINARY_DIR}/WechatyPuppetConfigVersion.cmake
  cmake/FindLibMagic.cmake cmake/FindQrCodeGen.cmake cmake/FindHiredis.cmake cmake/FindSodium.cmake
  cmake/FindGrpcCpp.cmake cmake/FindStrophe.cmake
  DESTINATION ${package_dir})

configure_file(cmake/wechaty-puppet.pc.in ${PROJECT_BINARY_DIR}/wechaty-puppet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/wechaty-puppet.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE NOTICE README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Two packages: what authors of puppets link, and the program that operators run.
set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGE_NAME wechaty-puppet)
set(CPACK_PACKAGE_VENDOR "Wechaty")
set(CPACK_PACKAGE_CONTACT "Wechaty contributors <wechaty@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES FALSE)
set(CPACK_DEBIAN_DEV_PACKAGE_NAME libwechaty-puppet-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "nlohmann-json3-dev, libspdlog-dev, libmagic-dev, libmagic-mgc")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS
  "libqrcodegencpp-dev, libpng-dev, libjpeg62-turbo-dev, libzxing-dev, libhiredis-dev, libgrpc++-dev, libprotobuf-dev, libcurl4-openssl-dev, libssl-dev, libsodium-dev, libstrophe-dev")
set(CPACK_DEBIAN_GATEWAY_PACKAGE_NAME wechaty-puppet-gateway)
set(CPACK_DEBIAN_GATEWAY_DESCRIPTION "Wechaty puppet service for puppets in C++")
set(CPACK_DEBIAN_GATEWAY_PACKAGE_SECTION net)
set(CPACK_DEBIAN_GATEWAY_PACKAGE_DEPENDS "libmagic-mgc")
set(CPACK_DEBIAN_GATEWAY_PACKAGE_SHLIBDEPS ON)
include(CPack)
