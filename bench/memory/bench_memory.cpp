// SPDX-License-Identifier: Apache-2.0
// Save and load of a card of 1 KB, 2 KB, 64 KB and 1 MB on each storage, beside the bare call below
// it. Servers: started by bench/memory/run, or named in BENCH_REDIS (host:port), BENCH_ETCD
// (host:port), BENCH_S3 (http://host:port/bucket with AWS_* credentials); what is not named is left
// out.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "wechaty/puppet/memory/file_storage.hpp"
#include "wechaty/puppet/memory/memory_card.hpp"
#ifdef WECHATY_PUPPET_BENCH_STORAGE
#include <curl/curl.h>
#include <hiredis/hiredis.h>
#include "wechaty/puppet_storage.hpp"

#include "puppet_storage/base64.hpp"
#endif

namespace {

using namespace wechaty::puppet;

std::string folder() {
  static const std::string path = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"mkdtemp"};
    static const struct Remove {
      std::string path;
      ~Remove() { std::filesystem::remove_all(path); }
    } remove{pattern};
    return pattern;
  }();
  return path;
}

/// About `size` bytes in values of a session's size.
void fill(MemoryCard& card, std::int64_t size) {
  constexpr std::int64_t value = 900;
  for (std::int64_t at = 0; at < size; at += value + 30) {
    card.set("key" + std::to_string(at), std::string(value, 'x'));
  }
}

void card_save(benchmark::State& state, MemoryCard card) {
  card.destroy();
  card.load();
  fill(card, state.range(0));
  int n = 0;
  for (auto _ : state) {
    card.set("n", ++n);
    card.save();
  }
  card.destroy();
}

void card_load(benchmark::State& state, MemoryCard card) {
  card.destroy();
  card.load();
  fill(card, state.range(0));
  card.save();
  for (auto _ : state) card.reload();
  card.destroy();
}

// --- file
// ------------------------------------------------------------------------------------------

void file_card_save(benchmark::State& state) { card_save(state, MemoryCard{folder() + "/bot"}); }
void file_card_load(benchmark::State& state) { card_load(state, MemoryCard{folder() + "/bot"}); }

/// Temporary file, fsync, rename, fsync of the folder: the least that an atomic save costs.
void file_bare_save(benchmark::State& state) {
  const std::string path = folder() + "/bare";
  const std::string temporary = path + ".tmp";
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) {
    const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    good = ::fsync(fd) == 0 && good;
    ::close(fd);
    good = std::rename(temporary.c_str(), path.c_str()) == 0 && good;
    const int dir = ::open(folder().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    good = ::fsync(dir) == 0 && good;
    ::close(dir);
    if (!good) state.SkipWithError("the bare save failed");
  }
}

void file_bare_load(benchmark::State& state) {
  const std::string path = folder() + "/bare-load";
  std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  FILE* out = std::fopen(path.c_str(), "w");
  std::fwrite(text.data(), 1, text.size(), out);
  std::fclose(out);
  for (auto _ : state) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    benchmark::DoNotOptimize(::read(fd, text.data(), text.size()));
    ::close(fd);
  }
}

#define SIZES                         \
  Arg(1 << 10)                        \
      ->Arg(2 << 10)                  \
      ->Arg(64 << 10)                 \
      ->Arg(1 << 20)                  \
      ->Unit(benchmark::kMicrosecond) \
      ->UseRealTime()
BENCHMARK(file_bare_save)->SIZES;
BENCHMARK(file_card_save)->SIZES;
BENCHMARK(file_bare_load)->SIZES;
BENCHMARK(file_card_load)->SIZES;

// --- remote
// ------------------------------------------------------------------------------------------

#ifdef WECHATY_PUPPET_BENCH_STORAGE

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string{value};
}

/// The URL of the card on an engine; empty when its server is not named.
std::string redis_url() {
  const auto host = environment("BENCH_REDIS");
  return host.empty() ? host : "redis://" + host + "/bench";
}
std::string etcd_url() {
  const auto host = environment("BENCH_ETCD");
  return host.empty() ? host : "etcd://" + host + "/bench";
}
std::string s3_url() {
  const auto address = environment("BENCH_S3");
  if (address.empty()) return address;
  const auto slash = address.rfind('/');
  return "s3://" + address.substr(slash + 1) + "/bench?endpoint=" + address.substr(0, slash);
}

template <auto Url, auto Body>
void on_card(benchmark::State& state) {
  const std::string url = Url();
  if (url.empty()) return state.SkipWithError("its server is not named in the environment");
  Body(state, MemoryCard::open(url, wechaty::puppet_storage::storages()));
}

/// The storage without the card: one text there and back, no JSON and no merging.
template <auto Url, bool Load>
void on_storage(benchmark::State& state) {
  const std::string url = Url();
  if (url.empty()) return state.SkipWithError("its server is not named in the environment");
  const auto opened = wechaty::puppet_storage::storages()(StorageUrl::parse(url));
  MemoryStorage& storage = *opened->storage;
  storage.destroy();
  std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  std::string version = storage.save(text, "");
  for (auto _ : state) {
    if constexpr (Load) {
      benchmark::DoNotOptimize(storage.load());
    } else {
      text[0] = text[0] == 'x' ? 'y' : 'x';
      version = storage.save(text, version);
    }
  }
  storage.destroy();
}

template <bool Load>
void redis_bare(benchmark::State& state) {
  const auto address = environment("BENCH_REDIS");
  if (address.empty()) return state.SkipWithError("its server is not named in the environment");
  const auto colon = address.find(':');
  redisContext* redis =
      redisConnect(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)));
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  freeReplyObject(redisCommand(redis, "SET bare %b", text.data(), text.size()));
  for (auto _ : state) {
    freeReplyObject(Load ? redisCommand(redis, "GET bare")
                         : redisCommand(redis, "SET bare %b", text.data(), text.size()));
  }
  freeReplyObject(redisCommand(redis, "DEL bare"));
  redisFree(redis);
}
BENCHMARK(redis_bare<false>)->Name("redis_bare_save")->SIZES;
BENCHMARK(redis_bare<true>)->Name("redis_bare_load")->SIZES;

std::size_t append(char* data, std::size_t, std::size_t size, void* body) {
  static_cast<std::string*>(body)->append(data, size);
  return size;
}

/// The same request again and again over one connection of libcurl.
void curl_bare(benchmark::State& state, const std::string& method, const std::string& url,
               const std::string& body, bool sign) {
  CURL* easy = curl_easy_init();
  std::string answer;
  const std::string user =
      environment("AWS_ACCESS_KEY_ID") + ":" + environment("AWS_SECRET_ACCESS_KEY");
  curl_slist* headers = curl_slist_append(nullptr, "Expect:");
  if (sign) headers = curl_slist_append(headers, "x-amz-content-sha256: UNSIGNED-PAYLOAD");
  for (auto _ : state) {
    answer.clear();
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    if (method != "GET") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &append);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer);
    if (sign) {
      const std::string scope = "aws:amz:" + environment("AWS_REGION") + ":s3";
      curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scope.c_str());
      curl_easy_setopt(easy, CURLOPT_USERPWD, user.c_str());
    }
    long status = 0;
    if (curl_easy_perform(easy) != CURLE_OK ||
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200) {
      state.SkipWithError("the bare call failed");
      break;
    }
  }
  curl_slist_free_all(headers);
  curl_easy_cleanup(easy);
}

template <bool Load>
void etcd_bare(benchmark::State& state) {
  const auto host = environment("BENCH_ETCD");
  if (host.empty()) return state.SkipWithError("its server is not named in the environment");
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  const std::string key = "{\"key\":\"" + wechaty::puppet_storage::to_base64("bare") + "\"";
  const std::string put = key + ",\"value\":\"" + wechaty::puppet_storage::to_base64(text) + "\"}";
  curl_bare(state, "POST", "http://" + host + (Load ? "/v3/kv/range" : "/v3/kv/put"),
            Load ? key + "}" : put, false);
}
BENCHMARK(etcd_bare<false>)->Name("etcd_bare_save")->SIZES;
BENCHMARK(etcd_bare<true>)->Name("etcd_bare_load")->SIZES;

template <bool Load>
void s3_bare(benchmark::State& state) {
  const auto address = environment("BENCH_S3");
  if (address.empty()) return state.SkipWithError("its server is not named in the environment");
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  curl_bare(state, Load ? "GET" : "PUT", address + "/bare", text, true);
}
BENCHMARK(s3_bare<false>)->Name("s3_bare_save")->SIZES;
BENCHMARK(s3_bare<true>)->Name("s3_bare_load")->SIZES;

#define ENGINE(name)                                                              \
  BENCHMARK((on_storage<name##_url, false>))->Name(#name "_storage_save")->SIZES; \
  BENCHMARK((on_card<name##_url, card_save>))->Name(#name "_card_save")->SIZES;   \
  BENCHMARK((on_storage<name##_url, true>))->Name(#name "_storage_load")->SIZES;  \
  BENCHMARK((on_card<name##_url, card_load>))->Name(#name "_card_load")->SIZES
ENGINE(redis);
ENGINE(etcd);
ENGINE(s3);

#endif

}  // namespace

BENCHMARK_MAIN();
