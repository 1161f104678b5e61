// SPDX-License-Identifier: Apache-2.0
// From a report on one thread to the listener on another: in bursts, where the queue is long, and
// one by one, where the other thread sleeps in between. The least that does it is BareQueue.
#include <benchmark/benchmark.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "bare_queue.hpp"
#include "wechaty/puppet.hpp"

namespace {

using namespace wechaty::puppet;

constexpr int burst = 1'000;

EventPayload event(int number) {
  return EventMessagePayload{.message_id = "message-" + std::to_string(number)};
}

/// Push `each` events and wait until the listener has had them, again and again.
void push_and_wait(benchmark::State& state, int each, const std::atomic<std::int64_t>& heard,
                   const std::function<void(int)>& push) {
  std::int64_t pushed = heard;
  for (auto _ : state) {
    for (int i = 0; i < each; ++i) push(static_cast<int>(pushed + i));
    pushed += each;
    for (auto seen = heard.load(); seen < pushed; seen = heard.load()) heard.wait(seen);
  }
  state.SetItemsProcessed(state.iterations() * each);
}

/// Counts, and wakes who waits for the last of a burst.
auto counting(std::atomic<std::int64_t>& heard, int each) {
  return [&heard, each](const auto&) {
    if (++heard % each == 0) heard.notify_one();
  };
}

void post_bare(benchmark::State& state) {
  const int each = static_cast<int>(state.range(0));
  std::atomic<std::int64_t> heard = 0;
  bench::BareQueue queue{counting(heard, each)};
  push_and_wait(state, each, heard, [&](int number) { queue.push(event(number)); });
}

/// Strand, event loop and emitter.
void post_strand(benchmark::State& state) {
  const int each = static_cast<int>(state.range(0));
  std::atomic<std::int64_t> heard = 0;
  Emitter emitter;
  const auto listening = emitter.on<EventMessagePayload>(counting(heard, each));
  const auto strand = std::make_shared<Strand>(
      std::make_shared<EventLoop>(), [&](Strand&, const EventPayload& payload) {
        emitter.emit(payload, [](std::exception_ptr, std::string_view) {});
      });
  push_and_wait(state, each, heard, [&](int number) {
    strand->push({.event = event(number), .before = {}, .after = {}});
  });
  strand->close();
}

/// The whole way of a puppet's event: self echo, order gate, strand, event loop, emitter.
class PuppetBusy final : public Puppet {
 public:
  ~PuppetBusy() override { stop(); }
  using Puppet::report;

 protected:
  void do_start() override { login("bot"); }
  void do_stop() override {}
};

void post_puppet(benchmark::State& state) {
  const int each = static_cast<int>(state.range(0));
  std::atomic<std::int64_t> heard = 0;
  std::atomic<bool> logged_in = false;
  PuppetBusy puppet;
  const auto in = puppet.on<EventLoginPayload>([&](const auto&) {
    logged_in = true;
    logged_in.notify_one();
  });
  const auto listening = puppet.on<EventMessagePayload>(counting(heard, each));
  puppet.start();
  logged_in.wait(false);
  push_and_wait(state, each, heard, [&](int number) { puppet.report(event(number)); });
}

BENCHMARK(post_bare)->Arg(1)->Arg(burst)->UseRealTime();
BENCHMARK(post_strand)->Arg(1)->Arg(burst)->UseRealTime();
BENCHMARK(post_puppet)->Arg(1)->Arg(burst)->UseRealTime();

}  // namespace
