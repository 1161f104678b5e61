# SPDX-License-Identifier: Apache-2.0
# Finds qrcodegen for C++ (MIT), which ships no CMake package. Target: QrCodeGen::QrCodeGen.
find_path(QrCodeGen_INCLUDE_DIR NAMES qrcodegen/qrcodegen.hpp)
find_library(QrCodeGen_LIBRARY NAMES qrcodegencpp)
mark_as_advanced(QrCodeGen_INCLUDE_DIR QrCodeGen_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(QrCodeGen
  REQUIRED_VARS QrCodeGen_LIBRARY QrCodeGen_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libqrcodegencpp-dev")

if(QrCodeGen_FOUND AND NOT TARGET QrCodeGen::QrCodeGen)
  add_library(QrCodeGen::QrCodeGen UNKNOWN IMPORTED)
  set_target_properties(QrCodeGen::QrCodeGen PROPERTIES
    IMPORTED_LOCATION "${QrCodeGen_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${QrCodeGen_INCLUDE_DIR}")
endif()
