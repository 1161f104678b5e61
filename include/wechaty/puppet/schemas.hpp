// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wechaty/puppet/schemas/contact.hpp"       // IWYU pragma: export
#include "wechaty/puppet/schemas/dirty_type.hpp"    // IWYU pragma: export
#include "wechaty/puppet/schemas/friendship.hpp"    // IWYU pragma: export
#include "wechaty/puppet/schemas/location.hpp"      // IWYU pragma: export
#include "wechaty/puppet/schemas/message.hpp"       // IWYU pragma: export
#include "wechaty/puppet/schemas/mini_program.hpp"  // IWYU pragma: export
#include "wechaty/puppet/schemas/pagination.hpp"    // IWYU pragma: export
#include "wechaty/puppet/schemas/post_type.hpp"     // IWYU pragma: export
#include "wechaty/puppet/schemas/room.hpp"          // IWYU pragma: export
#include "wechaty/puppet/schemas/sayable.hpp"       // IWYU pragma: export
#include "wechaty/puppet/schemas/scan_status.hpp"   // IWYU pragma: export
#include "wechaty/puppet/schemas/tap.hpp"           // IWYU pragma: export
#include "wechaty/puppet/schemas/timestamp.hpp"     // IWYU pragma: export
#include "wechaty/puppet/schemas/url_link.hpp"      // IWYU pragma: export
