// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace wechaty::puppet_qrcode {

/// Throws NotFoundError. By itself, because zxing-cpp has macros with the names of our errors.
[[noreturn]] void throw_no_qr_code();

}  // namespace wechaty::puppet_qrcode
