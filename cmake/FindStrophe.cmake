# SPDX-License-Identifier: Apache-2.0
# Finds libstrophe, which ships no CMake package. Target: Strophe::Strophe.
find_path(Strophe_INCLUDE_DIR NAMES strophe.h)
find_library(Strophe_LIBRARY NAMES strophe)
mark_as_advanced(Strophe_INCLUDE_DIR Strophe_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Strophe
  REQUIRED_VARS Strophe_LIBRARY Strophe_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "on Debian: apt-get install libstrophe-dev")

if(Strophe_FOUND AND NOT TARGET Strophe::Strophe)
  add_library(Strophe::Strophe UNKNOWN IMPORTED)
  set_target_properties(Strophe::Strophe PROPERTIES
    IMPORTED_LOCATION "${Strophe_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${Strophe_INCLUDE_DIR}")
endif()
