// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/redis_connection.hpp"

#include <hiredis/hiredis.h>
#include <sys/time.h>

#include <utility>

#include "puppet_storage/retry.hpp"

namespace wechaty::puppet_storage {
namespace {

timeval timeval_of(std::chrono::milliseconds time) {
  return {.tv_sec = time.count() / 1000,
          .tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

/// The server's message, without what it quotes of our arguments.
std::string without_arguments(std::string_view message) {
  return std::string{message.substr(0, message.find(", with args"))};
}

[[noreturn]] void throw_refusal(const std::string& where, std::string_view message) {
  for (const std::string_view passing : {"LOADING", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN",
                                         "READONLY", "ERR max number of clients"}) {
    if (message.starts_with(passing)) throw TransientError{where + ": " + std::string{message}};
  }
  std::string text = where + ": " + without_arguments(message);
  if (message.starts_with("NOAUTH") || message.starts_with("WRONGPASS") ||
      message.starts_with("ERR invalid password") || message.starts_with("NOPERM")) {
    text += " (the password is read from WECHATY_PUPPET_REDIS_PASSWORD)";
  }
  throw puppet::StorageError{text};
}

std::optional<std::string> text_of(const redisReply& reply) {
  switch (reply.type) {
    case REDIS_REPLY_INTEGER: return std::to_string(reply.integer);
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS: return std::string{reply.str, static_cast<std::size_t>(reply.len)};
    default: return std::nullopt;
  }
}

}  // namespace

void RedisConnection::Free::operator()(redisContext* context) const { redisFree(context); }

RedisConnection::RedisConnection(RedisOptions options) : options_{std::move(options)} {}
RedisConnection::~RedisConnection() = default;

std::string RedisConnection::where() const {
  const std::string db = options_.db == 0 ? "" : " db " + std::to_string(options_.db);
  return "redis " + options_.host + ":" + std::to_string(options_.port) + db;
}

void RedisConnection::connect() {
  context_.reset(redisConnectWithTimeout(options_.host.c_str(), options_.port,
                                         timeval_of(options_.remote.connect_timeout)));
  if (!context_ || context_->err != 0) {
    const std::string why = context_ ? context_->errstr : "out of memory";
    context_.reset();
    throw TransientError{where() + " cannot be reached: " + why};
  }
  redisSetTimeout(context_.get(), timeval_of(options_.remote.request_timeout));
  try {
    if (!options_.password.empty()) {
      if (options_.user.empty()) {
        (void)send({"AUTH", options_.password});
      } else {
        (void)send({"AUTH", options_.user, options_.password});
      }
    }
    if (options_.db != 0) (void)send({"SELECT", std::to_string(options_.db)});
  } catch (...) {
    context_.reset();
    throw;
  }
}

RedisConnection::Reply RedisConnection::send(const std::vector<std::string_view>& words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const auto word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
  };
  const std::unique_ptr<redisReply, FreeReply> reply{static_cast<redisReply*>(redisCommandArgv(
      context_.get(), static_cast<int>(words.size()), texts.data(), lengths.data()))};
  if (!reply) {
    const std::string why = context_->errstr;
    context_.reset();  // it may be in the middle of an answer
    throw TransientError{where() + " does not answer: " + why};
  }
  if (reply->type == REDIS_REPLY_ERROR) throw_refusal(where(), {reply->str, reply->len});
  Reply result;
  if (reply->type == REDIS_REPLY_ARRAY) {
    for (std::size_t i = 0; i < reply->elements; ++i) result.push_back(text_of(*reply->element[i]));
  } else {
    result.push_back(text_of(*reply));
  }
  return result;
}

RedisConnection::Reply RedisConnection::command(const std::vector<std::string_view>& words) {
  const std::scoped_lock lock{mutex_};
  if (!context_) connect();
  return send(words);
}

RedisConnection::Reply RedisConnection::eval(std::string_view script,
                                             const std::vector<std::string_view>& keys,
                                             const std::vector<std::string_view>& arguments) {
  const std::string count = std::to_string(keys.size());
  std::vector<std::string_view> words{"EVAL", script, count};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  return command(words);
}

}  // namespace wechaty::puppet_storage
