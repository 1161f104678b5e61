// SPDX-License-Identifier: Apache-2.0
// The same load on our gateway, on the least that gRPC can do, and on the npm server: in turns,
// medians of the rounds, and ratios. CPU is the server's alone.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "commands.hpp"
#include "load.hpp"
#include "server_process.hpp"

namespace bench_service {
namespace {

constexpr const char* usage = R"(usage: bench_service [options]
  --rounds N    how often (default: 5)
  --calls N     unary calls of each kind, and events in bursts, a round (default: 40000)
  --mib N       size of the file that is uploaded and downloaded (default: 50)
  --npm SCRIPT  npm_server.mjs with its packages installed beside it; without it, no npm server
  --only NAME   raw, ours or npm alone, e.g. under a profiler
  --check       exit status 1 when a target is missed
)";

struct Settings {
  std::size_t rounds = 5;
  std::size_t calls = 40'000;
  std::size_t mib = 50;
  std::string npm;
  std::string only;
  bool check = false;
};

/// What was measured: name to one value a round.
using Figures = std::map<std::string, std::vector<double>>;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class Stopwatch {
 public:
  explicit Stopwatch(const ServerProcess& server)
      : server_{server}, cpu_{server.cpu_seconds()}, begin_{monotonic_ns()} {}
  [[nodiscard]] double wall() const { return static_cast<double>(monotonic_ns() - begin_) / 1e9; }
  [[nodiscard]] double cpu() const { return server_.cpu_seconds() - cpu_; }

 private:
  const ServerProcess& server_;
  const double cpu_;
  const std::int64_t begin_;
};

void measure(const std::vector<std::string>& command, const std::string& folder,
             const Settings& settings, Figures& figures) {
  constexpr std::size_t burst = 5'000;  // less than our gateway keeps for one reader
  constexpr std::size_t paced = 300;
  const auto note = [&](const char* name, double value) { figures[name].push_back(value); };
  const double calls = static_cast<double>(settings.calls);
  const double mib = static_cast<double>(settings.mib);
  const std::size_t bytes = settings.mib << 20U;

  const ServerProcess server{command, folder};
  note("start", server.start_seconds() * 1e3);
  Load load{server.endpoint()};
  load.start();
  note("idle", server.resident_mib());
  load.contact_payloads(settings.calls / 20 + 1, 16);  // what is made once is made

  const auto unary = [&](const char* name, std::size_t in_flight) {
    const Stopwatch watch{server};
    load.contact_payloads(settings.calls, in_flight);
    note(name, watch.cpu() / calls * 1e6);
  };
  unary("contact 16", 16);
  unary("contact 64", 64);
  {
    const Stopwatch watch{server};
    load.send_texts(settings.calls, 16);
    note("send", watch.cpu() / calls * 1e6);
  }
  {
    const Stopwatch watch{server};
    std::size_t events = 0;
    for (; events < settings.calls; events += burst) {
      server.tell("burst " + std::to_string(burst));
      load.wait_for_messages(burst);
    }
    note("burst", watch.cpu() / static_cast<double>(events) * 1e6);
  }
  server.tell("pace " + std::to_string(paced) + " 2000");
  note("paced", median(load.wait_for_dongs(paced)) / 1e3);
  std::string id;
  {
    const Stopwatch watch{server};
    id = load.upload(bytes);
    note("upload", mib / watch.wall());
    note("upload cpu", watch.cpu() / mib * 1e5);
  }
  {
    const Stopwatch watch{server};
    load.download(id, bytes);
    note("download", mib / watch.wall());
    note("download cpu", watch.cpu() / mib * 1e5);
  }
  note("loaded", server.resident_mib());
}

/// The program as an operator starts it.
void measure_program(const std::string& folder, Figures& figures) {
  const ServerProcess server{{BENCH_PROGRAM, "--puppet", "mock", "--listen", "127.0.0.1:0",
                              "--insecure", "--token", token, "--start"},
                             folder};
  figures["program start"].push_back(server.start_seconds() * 1e3);
  figures["program idle"].push_back(server.resident_mib());
}

struct Row {
  const char* what;
  const char* figure;
  const char* unit;
  std::optional<double> of_raw;  ///< ours / raw at most (for speeds: at least)
  std::optional<double> of_npm;  ///< npm / ours at least
  bool is_speed = false;
};

constexpr Row rows[] = {
    {"contactPayload, 16 in flight", "contact 16", "us CPU", 1.25, 8.0},
    {"contactPayload, 64 in flight", "contact 64", "us CPU", 1.25, 8.0},
    {"messageSendText with its event, 16 in flight", "send", "us CPU", {}, 8.0},
    {"event, in bursts", "burst", "us CPU", 2.0, 10.0},
    {"event, paced: made to read, p50", "paced", "us", 2.0, {}},
    {"upload", "upload", "MiB/s", 0.7, {}, true},
    {"upload", "upload cpu", "ms CPU/100 MiB", {}, {}},
    {"download", "download", "MiB/s", 0.7, {}, true},
    {"download", "download cpu", "ms CPU/100 MiB", {}, {}},
    {"resident, idle", "idle", "MiB", {}, {}},
    {"resident, after the load", "loaded", "MiB", {}, {}},
    {"start to serving", "start", "ms", {}, {}},
};

/// @result how many targets are missed
int print(std::map<std::string, Figures>& all) {
  int missed = 0;
  std::printf("%-46s %14s %9s %9s %9s %9s %9s\n", "what", "unit", "raw", "ours", "npm", "ours/raw",
              "npm/ours");
  for (const Row& row : rows) {
    const double raw = median(all["raw"][row.figure]);
    const double ours = median(all["ours"][row.figure]);
    const double npm = median(all["npm"][row.figure]);
    const double to_raw = raw > 0 ? ours / raw : 0;
    const double to_npm = ours > 0 ? npm / ours : 0;
    std::string verdict;
    if (row.of_raw && raw > 0 && ours > 0 &&
        (row.is_speed ? to_raw < *row.of_raw : to_raw > *row.of_raw)) {
      verdict += "  missed: of raw";
    }
    if (row.of_npm && npm > 0 && ours > 0 && to_npm < *row.of_npm) verdict += "  missed: of npm";
    if (!verdict.empty()) ++missed;
    std::printf("%-46s %14s %9.1f %9.1f %9.1f %9.2f %9.2f%s\n", row.what, row.unit, raw, ours, npm,
                to_raw, to_npm, verdict.c_str());
  }
  const auto limit = [&](const char* what, const char* figure, const char* unit, double at_most) {
    const double value = median(all["program"][figure]);
    const bool is_missed = value > at_most;
    missed += is_missed ? 1 : 0;
    std::printf("%-46s %14s %9s %9.1f %9s at most %.0f%s\n", what, unit, "", value, "", at_most,
                is_missed ? "  missed" : "");
  };
  if (!all["program"].empty()) {
    limit("puppet-gateway: start to serving", "program start", "ms", 100);
    limit("puppet-gateway: resident, idle", "program idle", "MiB", 25);
  }
  std::printf(missed > 0 ? "==> %d targets missed\n" : "==> every target is met\n", missed);
  return missed;
}

Settings parse(const std::vector<std::string>& words) {
  Settings settings;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--check") {
      settings.check = true;
      continue;
    }
    if (i + 1 == words.size()) throw std::invalid_argument{word};
    const std::string& value = words[++i];
    if (word == "--rounds") {
      settings.rounds = std::stoul(value);
    } else if (word == "--calls") {
      settings.calls = std::stoul(value);
    } else if (word == "--mib") {
      settings.mib = std::stoul(value);
    } else if (word == "--npm") {
      settings.npm = value;
    } else if (word == "--only") {
      settings.only = value;
    } else {
      throw std::invalid_argument{word};
    }
  }
  return settings;
}

/// Some port that is free now: the npm server cannot say which one it got.
std::string npm_endpoint(std::size_t round) {
  return "127.0.0.1:" +
         std::to_string(21'000 + (::getpid() * 16 + static_cast<int>(round)) % 9'000);
}

int run(const Settings& settings) {
  namespace fs = std::filesystem;
  std::string folder = (fs::temp_directory_path() / "bench-service-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
  ::setenv("XDG_STATE_HOME", folder.c_str(), 1);
  std::map<std::string, Figures> all;
  const auto wanted = [&](const char* name) {
    return settings.only.empty() || settings.only == name;
  };
  for (std::size_t round = 0; round < settings.rounds; ++round) {
    std::cerr << "round " << round + 1 << " of " << settings.rounds << std::endl;
    if (wanted("raw")) measure({BENCH_ECHO}, folder, settings, all["raw"]);
    if (wanted("ours")) {
      measure({BENCH_GATEWAY}, folder, settings, all["ours"]);
      measure_program(folder, all["program"]);
    }
    if (wanted("npm") && !settings.npm.empty()) {
      measure({"node", settings.npm, npm_endpoint(round), token}, folder, settings, all["npm"]);
    }
  }
  const int missed = print(all);
  fs::remove_all(folder);
  return settings.check && missed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

}  // namespace
}  // namespace bench_service

int main(int argc, char** argv) {
  try {
    return bench_service::run(bench_service::parse({argv + 1, argv + argc}));
  } catch (const std::invalid_argument& wrong) {
    std::cerr << "bench_service: wrong argument " << wrong.what() << "\n" << bench_service::usage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "bench_service: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
