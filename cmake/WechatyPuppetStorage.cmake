# SPDX-License-Identifier: Apache-2.0
# The component `storage`: one library, with the engines that were asked for and nothing else
# looked for.
set(known_engines redis etcd s3 encryption)
set(WECHATY_PUPPET_STORAGE_ENGINES "${known_engines}" CACHE STRING
  "Engines of the component storage to build, of: ${known_engines}")

set(libraries "")
set(definitions "")
set(not_built "")
foreach(engine IN LISTS WECHATY_PUPPET_STORAGE_ENGINES)
  if(NOT engine IN_LIST known_engines)
    message(FATAL_ERROR "WECHATY_PUPPET_STORAGE_ENGINES: unknown engine '${engine}'; "
      "known are: ${known_engines}")
  endif()
  string(TOUPPER ${engine} upper)
  list(APPEND definitions WECHATY_PUPPET_STORAGE_${upper})
endforeach()
foreach(engine IN LISTS known_engines)
  if(NOT engine IN_LIST WECHATY_PUPPET_STORAGE_ENGINES)
    list(APPEND not_built "/${engine}_[^/]*\\.cpp$")
  endif()
endforeach()

if("redis" IN_LIST WECHATY_PUPPET_STORAGE_ENGINES)
  find_package(Hiredis MODULE REQUIRED)
  list(APPEND libraries Hiredis::Hiredis)
endif()
if("etcd" IN_LIST WECHATY_PUPPET_STORAGE_ENGINES OR "s3" IN_LIST WECHATY_PUPPET_STORAGE_ENGINES)
  find_package(CURL REQUIRED)
  list(APPEND libraries CURL::libcurl)
else()
  list(APPEND not_built "/http_[^/]*\\.cpp$")
endif()
if("s3" IN_LIST WECHATY_PUPPET_STORAGE_ENGINES)
  find_package(OpenSSL REQUIRED)
  list(APPEND libraries OpenSSL::Crypto)
endif()
if("encryption" IN_LIST WECHATY_PUPPET_STORAGE_ENGINES)
  find_package(Sodium REQUIRED)
  list(APPEND libraries Sodium::Sodium)
endif()

wechaty_puppet_library(puppet_storage
  PUBLIC wechaty::puppet
  PRIVATE nlohmann_json::nlohmann_json ${libraries})
target_compile_definitions(wechaty_puppet_storage PRIVATE ${definitions})
get_target_property(sources wechaty_puppet_storage SOURCES)
foreach(pattern IN LISTS not_built)
  list(FILTER sources EXCLUDE REGEX "${pattern}")
endforeach()
set_target_properties(wechaty_puppet_storage PROPERTIES SOURCES "${sources}")
