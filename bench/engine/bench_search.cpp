// SPDX-License-Identifier: Apache-2.0
// Searches in 100,000 contacts that are all cached, the check of a file's name, and what a puppet
// that does nothing takes.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "wechaty/puppet.hpp"
#include "wechaty/puppet/file_box/naming.hpp"

namespace {

using namespace wechaty::puppet;

constexpr std::size_t contacts_count = 100'000;

/// Pushed its contacts, as a service does that synchronises all of them.
class PuppetPopular final : public Puppet {
 public:
  PuppetPopular() : Puppet{{.cache = {.contact = contacts_count}}} {
    for (std::size_t i = 0; i < contacts_count; ++i) {
      ids_.push_back("wxid_" + std::to_string(1'000'000 + i));
      receive(ContactPayload{.id = ids_.back(),
                             .name = "Contact number " + std::to_string(i),
                             .avatar = "https://example.org/avatar/" + std::to_string(i),
                             .alias = "alias " + std::to_string(i)});
    }
    start();
  }
  ~PuppetPopular() override { stop(); }

 protected:
  void do_start() override { login("bot"); }
  void do_stop() override {}
  std::vector<std::string> do_contact_list() override { return ids_; }

 private:
  std::vector<std::string> ids_;
};

template <class Search>
void search(benchmark::State& state, Search look) {
  PuppetPopular puppet;
  for (auto _ : state) {
    if (look(puppet).size() != 1) state.SkipWithError("found something else");
  }
}

void search_exact(benchmark::State& state) {
  search(state,
         [](Puppet& puppet) { return puppet.contact_search({.name = "Contact number 777"}); });
}
void search_text(benchmark::State& state) {
  search(state, [](Puppet& puppet) { return puppet.contact_search("Contact number 777"); });
}
void search_regex(benchmark::State& state) {
  search(state,
         [](Puppet& puppet) { return puppet.contact_search({.name = Regex{"number 777$"}}); });
}
/// No letter of the pattern has to be in a text that matches.
void search_regex_of_classes(benchmark::State& state) {
  search(state,
         [](Puppet& puppet) { return puppet.contact_search({.alias = Regex{"^\\w+ 77[7]$"}}); });
}
void search_regex_insensitive(benchmark::State& state) {
  search(state, [](Puppet& puppet) {
    return puppet.contact_search({.name = Regex{"NUMBER 777$", RegexCase::insensitive}});
  });
}
BENCHMARK(search_exact)->Unit(benchmark::kMillisecond);
BENCHMARK(search_text)->Unit(benchmark::kMillisecond);
BENCHMARK(search_regex)->Unit(benchmark::kMillisecond);
BENCHMARK(search_regex_of_classes)->Unit(benchmark::kMillisecond);
BENCHMARK(search_regex_insensitive)->Unit(benchmark::kMillisecond);

/// A known extension, and a content that is not at hand.
void name_check(benchmark::State& state) {
  const FileBox box = FileBox::from_url("https://example.org/holiday/picture.png");
  for (auto _ : state) benchmark::DoNotOptimize(conventional(box));
}
BENCHMARK(name_check);

/// Bytes of memory of this process, as the system counts them.
double resident_bytes() {
  long total = 0;
  long resident = 0;
  std::FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file == nullptr) return 0;
  const int read = std::fscanf(file, "%ld %ld", &total, &resident);
  std::fclose(file);
  return read == 2 ? static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) : 0;
}

class PuppetIdle final : public Puppet {
 public:
  explicit PuppetIdle(PuppetOptions options) : Puppet{std::move(options)} {}
  ~PuppetIdle() override { stop(); }

 protected:
  void do_start() override {
    heartbeat_every(std::chrono::seconds{15});
    login("bot");
  }
  void do_stop() override {}
};

/// A thousand accounts on one event loop that are logged in and have nothing to do.
void idle_puppets(benchmark::State& state) {
  constexpr int count = 1'000;
  double bytes = 0;
  for (auto _ : state) {
    const auto loop = std::make_shared<EventLoop>();
    std::vector<std::unique_ptr<PuppetIdle>> puppets;
    std::vector<Subscription> listening;
    std::atomic<int> logged_in = 0;
    const double before = resident_bytes();
    for (int i = 0; i < count; ++i) {
      puppets.push_back(std::make_unique<PuppetIdle>(PuppetOptions{.executor = loop}));
      listening.push_back(puppets.back()->on<EventLoginPayload>([&](const auto&) {
        if (++logged_in == count) logged_in.notify_one();
      }));
      puppets.back()->start();
    }
    for (int seen = logged_in; seen < count; seen = logged_in) logged_in.wait(seen);
    bytes = std::max(bytes, resident_bytes() - before);
  }
  state.counters["bytes_each"] = bytes / count;
}
BENCHMARK(idle_puppets)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
