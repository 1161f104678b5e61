// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `qrcode`: QR codes as pictures, in file boxes, and for people who look at a
// terminal.

#include "wechaty/puppet_qrcode/picture.hpp"           // IWYU pragma: export
#include "wechaty/puppet_qrcode/qr_code_resolver.hpp"  // IWYU pragma: export
#include "wechaty/puppet_qrcode/terminal.hpp"          // IWYU pragma: export
