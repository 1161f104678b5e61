// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `mock`: a simulated network and a puppet on it.

#include "wechaty/puppet_mock/fault.hpp"        // IWYU pragma: export
#include "wechaty/puppet_mock/puppet_mock.hpp"  // IWYU pragma: export
#include "wechaty/puppet_mock/script.hpp"       // IWYU pragma: export
#include "wechaty/puppet_mock/world.hpp"        // IWYU pragma: export
