# SPDX-License-Identifier: Apache-2.0
# Finds libmagic (file's library), which ships no CMake package of its own.
# Defines the target LibMagic::LibMagic. Installed with the package: consumers need it too.
find_path(LibMagic_INCLUDE_DIR NAMES magic.h)
find_library(LibMagic_LIBRARY NAMES magic)
mark_as_advanced(LibMagic_INCLUDE_DIR LibMagic_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibMagic
  REQUIRED_VARS LibMagic_LIBRARY LibMagic_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libmagic-dev")

if(LibMagic_FOUND AND NOT TARGET LibMagic::LibMagic)
  add_library(LibMagic::LibMagic UNKNOWN IMPORTED)
  set_target_properties(LibMagic::LibMagic PROPERTIES
    IMPORTED_LOCATION "${LibMagic_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LibMagic_INCLUDE_DIR}")
endif()
