// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that authors of puppets and bots need of the core.

#include "wechaty/puppet/capability.hpp"          // IWYU pragma: export
#include "wechaty/puppet/error.hpp"               // IWYU pragma: export
#include "wechaty/puppet/events/error_event.hpp"  // IWYU pragma: export
#include "wechaty/puppet/events/event_loop.hpp"   // IWYU pragma: export
#include "wechaty/puppet/options.hpp"             // IWYU pragma: export
#include "wechaty/puppet/puppet.hpp"              // IWYU pragma: export
#include "wechaty/puppet/query.hpp"               // IWYU pragma: export
#include "wechaty/puppet/schemas.hpp"             // IWYU pragma: export
#include "wechaty/puppet/version.hpp"             // IWYU pragma: export
