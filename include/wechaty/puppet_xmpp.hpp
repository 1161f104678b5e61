// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A puppet on XMPP: one account of any XMPP server (docs/xmpp.md).
#include "wechaty/puppet_xmpp/options.hpp"
#include "wechaty/puppet_xmpp/puppet_xmpp.hpp"
