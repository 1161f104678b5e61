// SPDX-License-Identifier: Apache-2.0
#include "puppet/engine/default_logger.hpp"

#include <spdlog/sinks/stdout_sinks.h>

#include <cstdlib>
#include <string_view>

namespace wechaty::puppet {

namespace {
spdlog::level::level_enum level_from_environment() {
  const char* const text = std::getenv("WECHATY_LOG");
  const std::string_view level = text == nullptr ? "" : text;
  if (level == "silent") return spdlog::level::off;
  if (level == "error") return spdlog::level::err;
  if (level == "info") return spdlog::level::info;
  if (level == "verbose") return spdlog::level::debug;
  if (level == "silly") return spdlog::level::trace;
  return spdlog::level::warn;
}
}  // namespace

std::shared_ptr<spdlog::logger> default_logger() {
  auto logger = std::make_shared<spdlog::logger>("wechaty",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_level(level_from_environment());
  return logger;
}

}  // namespace wechaty::puppet
