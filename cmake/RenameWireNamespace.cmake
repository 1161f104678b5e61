# SPDX-License-Identifier: Apache-2.0
# cmake -DFILES=... -P: moves generated code from the C++ namespace `wechaty` to `wechaty_wire`.
# The protocol's package wechaty.puppet would land in our own namespace, where MessageType,
# UrlLinkPayload and others exist already. Names on the wire and in descriptors, which have dots, stay.
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  # Square brackets and semicolons are special in CMake's lists, so the text is never made one.
  string(REPLACE "namespace wechaty {" "namespace wechaty_wire {" text "${text}")
  string(REPLACE "namespace wechaty\n" "namespace wechaty_wire\n" text "${text}")
  string(REPLACE "::wechaty::" "::wechaty_wire::" text "${text}")
  file(WRITE ${file} "${text}")
endforeach()
