// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wechaty/puppet/query/contact_query.hpp"     // IWYU pragma: export
#include "wechaty/puppet/query/friendship_query.hpp"  // IWYU pragma: export
#include "wechaty/puppet/query/message_query.hpp"     // IWYU pragma: export
#include "wechaty/puppet/query/post_query.hpp"        // IWYU pragma: export
#include "wechaty/puppet/query/room_query.hpp"        // IWYU pragma: export
