// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `qrcode`: QR codes for people who look at a terminal.

#include "wechaty/puppet_qrcode/terminal.hpp"  // IWYU pragma: export
