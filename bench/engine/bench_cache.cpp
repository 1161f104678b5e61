// SPDX-License-Identifier: Apache-2.0
// A payload that is cached, and one that many threads miss at once.
#include <benchmark/benchmark.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "wechaty/puppet/cache/payload_cache.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace {

using namespace wechaty::puppet;

void cache_hit(benchmark::State& state) {
  constexpr int size = 500;
  PayloadCache<ContactPayload> cache{"contact", size, std::chrono::minutes{15}};
  std::vector<std::string> ids;
  for (int i = 0; i < size; ++i) {
    ids.push_back("contact-" + std::to_string(i));
    static_cast<void>(cache.get(ids.back(), [&] {
      return ContactPayload{.id = ids.back(), .name = "Name " + std::to_string(i)};
    }));
  }
  std::size_t next = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cache.get(ids[next], []() -> ContactPayload { throw std::runtime_error{"a miss"}; }));
    next = (next + 7) % ids.size();
  }
}
BENCHMARK(cache_hit);

/// How often the service is asked by 64 threads that miss one id at the same time.
void cache_miss_of_64_threads(benchmark::State& state) {
  int fetches = 0;
  int rounds = 0;
  for (auto _ : state) {
    PayloadCache<ContactPayload> cache{"contact", 500, std::chrono::minutes{15}};
    std::latch begin{64};
    std::atomic<int> asked = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 64; ++i) {
      threads.emplace_back([&] {
        begin.arrive_and_wait();
        static_cast<void>(cache.get("contact", [&] {
          ++asked;
          std::this_thread::sleep_for(std::chrono::milliseconds{5});  // the service takes its time
          return ContactPayload{.id = "contact"};
        }));
      });
    }
    threads.clear();
    fetches += asked;
    ++rounds;
  }
  state.counters["fetches"] = static_cast<double>(fetches) / rounds;
}
BENCHMARK(cache_miss_of_64_threads)->Unit(benchmark::kMillisecond)->Iterations(10);

}  // namespace
