// SPDX-License-Identifier: Apache-2.0
#pragma once

// The component `service`: a puppet for the clients of all languages, and the client of any such
// service, over gRPC.
#include "wechaty/puppet_service/client_options.hpp"
#include "wechaty/puppet_service/connection_status.hpp"
#include "wechaty/puppet_service/puppet_server.hpp"
#include "wechaty/puppet_service/puppet_service.hpp"
#include "wechaty/puppet_service/server_options.hpp"
