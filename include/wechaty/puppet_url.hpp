// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `url`: files behind http and https URLs.

#include "wechaty/puppet_url/public_address.hpp"  // IWYU pragma: export
#include "wechaty/puppet_url/url_resolver.hpp"    // IWYU pragma: export
