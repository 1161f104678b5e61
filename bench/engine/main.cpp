// SPDX-License-Identifier: Apache-2.0
// Runs all benchmarks of the engine; bench/engine/run compares what it prints with the targets.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>

#include "allocations.hpp"

namespace {
thread_local std::uint64_t count = 0;

void* counted(std::size_t size) {
  ++count;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc{};
}
}  // namespace

std::uint64_t wechaty::puppet::bench::allocations() noexcept { return count; }

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

int main(int argc, char** argv) {
  // The C++ library leaves out atomic operations while a process has one thread only; a puppet
  // never has, so a second one is alive throughout.
  std::mutex mutex;
  std::condition_variable end;
  bool ending = false;
  std::thread second{[&] {
    std::unique_lock lock{mutex};
    end.wait(lock, [&] { return ending; });
  }};
  benchmark::Initialize(&argc, argv);
  const bool understood = !benchmark::ReportUnrecognizedArguments(argc, argv);
  if (understood) benchmark::RunSpecifiedBenchmarks();
  {
    const std::lock_guard lock{mutex};
    ending = true;
  }
  end.notify_one();
  second.join();
  return understood ? EXIT_SUCCESS : EXIT_FAILURE;
}
