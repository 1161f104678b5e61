// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <wechaty/puppet.pb.h>

namespace wechaty::puppet_service {

/// The messages of package wechaty.puppet; RenameWireNamespace.cmake says why they live there.
namespace pb = ::wechaty_wire::puppet;

}  // namespace wechaty::puppet_service
