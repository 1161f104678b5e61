// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/client/line.hpp"

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {

Line::Place Line::place() const {
  std::shared_ptr<Connection> connection;
  std::stop_token stop;
  {
    const std::lock_guard lock{mutex_};
    connection = connection_;
    stop = stop_;
  }
  if (!connection) throw puppet::NetworkError{"not connected: the puppet is not started"};
  return {connection->link(), std::move(stop)};
}

}  // namespace wechaty::puppet_service
