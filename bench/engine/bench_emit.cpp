// SPDX-License-Identifier: Apache-2.0
// One event to 1 and 10 listeners: our emitter, which any thread may subscribe to meanwhile, beside
// libsigc++, which is not thread safe.
#include <benchmark/benchmark.h>
#include <sigc++/sigc++.h>

#include <cstdint>
#include <vector>

#include "allocations.hpp"
#include "wechaty/puppet/events/emitter.hpp"

namespace {

using namespace wechaty::puppet;

void emit_ours(benchmark::State& state) {
  Emitter emitter;
  std::uint64_t heard = 0;
  std::vector<Subscription> listening;
  for (int i = 0; i < state.range(0); ++i) {
    listening.push_back(emitter.on<EventMessagePayload>(
        [&](const EventMessagePayload& message) { heard += message.message_id.size(); }));
  }
  const EventMessagePayload event{.message_id = "message-1"};
  const auto before = bench::allocations();
  for (auto _ : state) emitter.emit(event, [](std::exception_ptr, std::string_view) {});
  state.counters["allocations"] = static_cast<double>(bench::allocations() - before);
  benchmark::DoNotOptimize(heard);
}
BENCHMARK(emit_ours)->Arg(1)->Arg(10);

void emit_sigc(benchmark::State& state) {
  sigc::signal<void, const EventMessagePayload&> signal;
  std::uint64_t heard = 0;
  for (int i = 0; i < state.range(0); ++i) {
    signal.connect([&](const EventMessagePayload& message) { heard += message.message_id.size(); });
  }
  const EventMessagePayload event{.message_id = "message-1"};
  for (auto _ : state) signal.emit(event);
  benchmark::DoNotOptimize(heard);
}
BENCHMARK(emit_sigc)->Arg(1)->Arg(10);

}  // namespace
