# SPDX-License-Identifier: Apache-2.0
# The switches of this build. Nothing here reaches a consumer of the installed package.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
endif()

set(WECHATY_PUPPET_KNOWN_COMPONENTS mock qrcode service storage url xmpp)
set(WECHATY_PUPPET_COMPONENTS "${WECHATY_PUPPET_KNOWN_COMPONENTS}" CACHE STRING
  "Components to build, of: ${WECHATY_PUPPET_KNOWN_COMPONENTS}")
option(WECHATY_PUPPET_BUILD_EXAMPLES "Build the example programs" ${PROJECT_IS_TOP_LEVEL})
option(WECHATY_PUPPET_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(WECHATY_PUPPET_BUILD_BENCH "Build the benchmarks" OFF)
option(WECHATY_PUPPET_BUILD_FUZZERS "Make programs of libFuzzer of the fuzz targets; clang only" OFF)
option(WECHATY_PUPPET_WERROR "Treat warnings as errors" ${PROJECT_IS_TOP_LEVEL})
set(WECHATY_PUPPET_SANITIZE "" CACHE STRING "Sanitizers for everything built here, e.g. address,undefined or thread")

foreach(component IN LISTS WECHATY_PUPPET_COMPONENTS)
  if(NOT component IN_LIST WECHATY_PUPPET_KNOWN_COMPONENTS)
    message(FATAL_ERROR "WECHATY_PUPPET_COMPONENTS: unknown component '${component}'; "
      "known are: ${WECHATY_PUPPET_KNOWN_COMPONENTS}")
  endif()
endforeach()

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

if(WECHATY_PUPPET_SANITIZE)
  add_compile_options(-fsanitize=${WECHATY_PUPPET_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${WECHATY_PUPPET_SANITIZE})
endif()

if(WECHATY_PUPPET_BUILD_FUZZERS)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "WECHATY_PUPPET_BUILD_FUZZERS needs clang")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Warnings for our own targets only; an interface that is never installed.
add_library(wechaty_puppet_warnings INTERFACE)
# g++ 12 takes the inside of an empty std::optional for uninitialised when it optimises, and at -O3
# sees overlapping copies in text + text (its bug 105651).
target_compile_options(wechaty_puppet_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wno-missing-field-initializers $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict>
  $<$<BOOL:${WECHATY_PUPPET_WERROR}>:-Werror>)
