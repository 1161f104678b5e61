// SPDX-License-Identifier: Apache-2.0
// The reference bot: who says "ding" to it hears "dong". Public puppet API only.
//
// It runs on any puppet that is built in; network.cpp has the choice. On the mock network there is
// a person called Alice: what you type is what she says, what the bot says to her is printed.
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#include <wechaty/puppet.hpp>
#include <wechaty/puppet_qrcode.hpp>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "network.hpp"

namespace {

using namespace wechaty::puppet;

constexpr std::string_view usage =
    R"(usage: ding_dong_bot [--puppet mock] [--world FILE] [--memory NAME]
       ding_dong_bot --puppet service [--endpoint HOST:PORT] [--token TOKEN] [--insecure]
       ding_dong_bot --puppet xmpp --jid ACCOUNT [--password-file FILE] [--server HOST[:PORT]]
                     [--ca-file FILE] [--memory NAME]
       ding_dong_bot --help

Answers "ding" with "dong", in private and in rooms.

  --puppet mock     a simulated network (the default): type what Alice says, a line a message
  --puppet service  a Wechaty puppet server, if this program was built with it
  --world FILE      mock: the world file; without it a world with Alice in it
  --endpoint, --token, --insecure
                    service: where the server is, its token, and to talk to it without TLS; what is
                    not given comes from WECHATY_PUPPET_SERVICE_ENDPOINT, _TOKEN and so on
  --puppet xmpp     an account of an XMPP server, if this program was built with it
  --jid ACCOUNT     xmpp: the account, bot@example.org
  --password-file, --password
                    xmpp: the first line of a file, or (for all to see) the password itself;
                    without them WECHATY_PUPPET_XMPP_PASSWORD, else the keys of the last session
  --server, --ca-file
                    xmpp: where to dial instead of what the domain says, and certificates to trust
                    besides the system's
  --memory NAME     where the session is kept: NAME.memory-card.json
                    (default: ding-dong-bot in $XDG_STATE_HOME/wechaty-puppet,
                    or in ~/.local/state/wechaty-puppet)
  --help            this text

Ends with Ctrl-C, and on the mock network at the end of input (Ctrl-D).
Environment: WECHATY_LOG = silent, error, warn, info, verbose or silly.
Exit status: 0 after the end of input or Ctrl-C, 1 on a failure, 2 on wrong arguments.
)";

struct Arguments {
  NetworkArguments network;
  std::optional<std::string> memory;
};

/// @throws InvalidArgumentError on an argument that is not in the usage
Arguments parse(const std::vector<std::string>& arguments) {
  Arguments parsed;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (name == "--insecure") {
      parsed.network.insecure = true;
      continue;
    }
    if (i + 1 == arguments.size()) {
      throw InvalidArgumentError{"unknown argument or missing value: " + name};
    }
    const std::string& value = arguments[++i];
    if (name == "--puppet") {
      parsed.network.puppet = value;
    } else if (name == "--world") {
      parsed.network.world = value;
    } else if (name == "--endpoint") {
      parsed.network.endpoint = value;
    } else if (name == "--token") {
      parsed.network.token = value;
    } else if (name == "--jid") {
      parsed.network.jid = value;
    } else if (name == "--password") {
      parsed.network.password = value;
    } else if (name == "--password-file") {
      parsed.network.password_file = value;
    } else if (name == "--server") {
      parsed.network.server = value;
    } else if (name == "--ca-file") {
      parsed.network.ca_file = value;
    } else if (name == "--memory") {
      parsed.memory = value;
    } else {
      throw InvalidArgumentError{"unknown argument: " + name};
    }
  }
  return parsed;
}

std::string default_memory() {
  namespace fs = std::filesystem;
  const char* const state = std::getenv("XDG_STATE_HOME");
  const char* const home = std::getenv("HOME");
  fs::path folder = state != nullptr && *state != '\0' ? fs::path{state}
                    : home != nullptr                  ? fs::path{home} / ".local" / "state"
                                                       : fs::path{"."};
  folder /= "wechaty-puppet";
  fs::create_directories(folder);
  return (folder / "ding-dong-bot").string();
}

/// One line at a time from the event loop and from the network.
class Console {
 public:
  void log(const std::string& line) {
    const std::lock_guard lock{mutex_};
    std::cerr << line << std::endl;
  }
  void say(const std::string& line) {
    const std::lock_guard lock{mutex_};
    std::cout << line << std::endl;
  }

 private:
  std::mutex mutex_;
};

/// The bot: listeners on a puppet, whatever the puppet.
class DingDongBot {
 public:
  DingDongBot(Puppet& puppet, Console& console) : puppet_{puppet}, console_{console} {
    subscriptions_.push_back(puppet.on<EventScanPayload>([this](const EventScanPayload& scan) {
      if (scan.qrcode) {
        console_.log("scan this to log in: " + *scan.qrcode + "\n" +
                     wechaty::puppet_qrcode::qr_terminal(*scan.qrcode));
      } else {
        console_.log("scan status " + std::to_string(static_cast<int>(scan.status)) + " " +
                     scan.data.value_or(""));
      }
    }));
    subscriptions_.push_back(puppet.on<EventLoginPayload>([this](const EventLoginPayload& login) {
      console_.log("login " + login.contact_id + " (" +
                   puppet_.contact_payload(login.contact_id).name + ")");
    }));
    subscriptions_.push_back(puppet.on<EventReadyPayload>([this](const EventReadyPayload&) {
      console_.log("ready");
      if (!ready_told_) ready_.set_value();
      ready_told_ = true;
    }));
    subscriptions_.push_back(puppet.on<EventLogoutPayload>([this](const EventLogoutPayload& out) {
      console_.log("logout " + out.contact_id + ": " + out.data.value_or(""));
    }));
    subscriptions_.push_back(puppet.on<EventErrorPayload>([this](const EventErrorPayload& error) {
      console_.log("error " + error_info(error).message);
    }));
    subscriptions_.push_back(puppet.on<EventMessagePayload>(
        [this](const EventMessagePayload& event) { answer(event.message_id); }));
  }

  /// Becomes ready with the first `ready`.
  std::future<void> ready() { return ready_.get_future(); }

 private:
  void answer(const std::string& message_id) {
    const MessagePayload message = puppet_.message_payload(message_id);
    console_.log("message from " + message.talker_id + " to " +
                 message.room_id.value_or(message.listener_id.value_or("")) + ": " +
                 message.text.value_or(message.filename.value_or("")));
    if (message.talker_id == puppet_.current_user_id()) return;  // never answer oneself
    const std::string where = message.room_id.value_or(message.talker_id);
    if (message.type == MessageType::text && message.text == "ding") {
      puppet_.message_send_text(where, "dong");
    }
  }

  Puppet& puppet_;
  Console& console_;
  std::promise<void> ready_;
  bool ready_told_ = false;  // touched on the event loop only
  std::vector<Subscription> subscriptions_;
};

/// Ctrl-C and SIGTERM as something that poll() sees.
class StopSignal {
 public:
  StopSignal() {
    if (pipe2(pipe_.data(), O_CLOEXEC | O_NONBLOCK) != 0) std::abort();
    write_end_ = pipe_[1];
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, &StopSignal::on_signal);
  }
  [[nodiscard]] int descriptor() const { return pipe_[0]; }
  void wait() const {
    pollfd wanted{pipe_[0], POLLIN, 0};
    while (poll(&wanted, 1, -1) < 0 && errno == EINTR) {
    }
  }

 private:
  static void on_signal(int) { static_cast<void>(!write(write_end_, "x", 1)); }
  inline static volatile int write_end_ = -1;
  std::array<int, 2> pipe_{};
};

/// Waits for a line of input, a signal or the end of input.
class Lines {
 public:
  explicit Lines(const StopSignal& stop) : stop_{stop} {}

  /// nullopt at the end of input, or when the bot is to stop.
  std::optional<std::string> next() {
    while (true) {
      if (const auto end = buffer_.find('\n'); end != std::string::npos) {
        std::string line = buffer_.substr(0, end);
        buffer_.erase(0, end + 1);
        return line;
      }
      std::array<pollfd, 2> wanted{pollfd{STDIN_FILENO, POLLIN, 0},
                                   pollfd{stop_.descriptor(), POLLIN, 0}};
      if (poll(wanted.data(), wanted.size(), -1) < 0) {
        if (errno == EINTR) continue;
        return std::nullopt;
      }
      if (wanted[1].revents != 0) return std::nullopt;
      std::array<char, 4096> chunk{};
      const ssize_t count = read(STDIN_FILENO, chunk.data(), chunk.size());
      if (count <= 0) {  // the last line may lack its end
        std::string line = std::exchange(buffer_, {});
        return line.empty() ? std::nullopt : std::optional{std::move(line)};
      }
      buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  const StopSignal& stop_;
  std::string buffer_;
};

/// Returns false when the bot is to stop before.
bool wait_until_ready(std::future<void> ready, const StopSignal& stop) {
  while (ready.wait_for(std::chrono::milliseconds{0}) != std::future_status::ready) {
    pollfd wanted{stop.descriptor(), POLLIN, 0};
    if (poll(&wanted, 1, 20) > 0) return false;
  }
  return true;
}

/// Hand the network what is typed, until the end of input or a signal.
void talk(Network& network, const StopSignal& stop) {
  Puppet& puppet = network.puppet();
  Lines lines{stop};
  while (const auto line = lines.next()) {
    if (!line->empty()) network.say(*line);
  }
  // Everything said so far has been answered when this comes back.
  std::promise<void> answered;
  const auto on_dong =
      puppet.once<EventDongPayload>([&](const EventDongPayload&) { answered.set_value(); });
  puppet.ding("end of input");
  answered.get_future().wait();
}

int run(const Arguments& arguments) {
  const StopSignal stop;
  Console console;
  const auto network =
      make_network(arguments.network, [&](const std::string& text) { console.say(text); });
  Puppet& puppet = network->puppet();
  MemoryCard card{arguments.memory.value_or(default_memory())};
  puppet.set_memory(card.multiplex("puppet"));
  DingDongBot bot{puppet, console};
  puppet.start();
  if (!network->has_person()) {
    stop.wait();
  } else if (wait_until_ready(bot.ready(), stop)) {
    talk(*network, stop);
  }
  puppet.stop();
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments{argv + 1, argv + argc};
    if (!arguments.empty() && (arguments[0] == "--help" || arguments[0] == "-h")) {
      std::cout << usage;
      return EXIT_SUCCESS;
    }
    return run(parse(arguments));
  } catch (const InvalidArgumentError& error) {
    std::cerr << "ding_dong_bot: " << error.what() << "\n" << usage;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "ding_dong_bot: " << error.what() << "\n";
    return EXIT_FAILURE;
  }
}
