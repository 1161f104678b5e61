// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/timestamp.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace wechaty::puppet_xmpp {

namespace {

/// The digits at a place of fixed width.
std::optional<int> digits(std::string_view text, std::size_t place, std::size_t count) {
  if (text.size() < place + count) return std::nullopt;
  int value = 0;
  const char* const begin = text.data() + place;
  if (std::from_chars(begin, begin + count, value).ptr != begin + count || value < 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

std::optional<puppet::Timestamp> parse_timestamp(std::string_view text) {
  using namespace std::chrono;
  const auto year_of = digits(text, 0, 4);
  const auto month_of = digits(text, 5, 2);
  const auto day_of = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!year_of || !month_of || !day_of || !hour || !minute || !second || text[4] != '-' ||
      text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const year_month_day date{year{*year_of}, month{static_cast<unsigned>(*month_of)},
                            day{static_cast<unsigned>(*day_of)}};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  text.remove_prefix(19);
  milliseconds fraction{0};
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    int weight = 100;
    while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
      fraction += milliseconds{(text[0] - '0') * weight};
      weight /= 10;
      text.remove_prefix(1);
    }
  }
  minutes offset{0};
  if (text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':') {
    const auto hours_off = digits(text, 1, 2);
    const auto minutes_off = digits(text, 4, 2);
    if (!hours_off || !minutes_off) return std::nullopt;
    offset = hours{*hours_off} + minutes{*minutes_off};
    if (text[0] == '-') offset = -offset;
  } else if (text != "Z") {
    return std::nullopt;
  }
  return puppet::Timestamp{sys_days{date} + hours{*hour} + minutes{*minute} + seconds{*second} +
                           fraction - offset};
}

std::string to_text(puppet::Timestamp time) {
  using namespace std::chrono;
  const auto day_of = floor<days>(time);
  const year_month_day date{day_of};
  const hh_mm_ss clock{time - day_of};
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return text.data();
}

puppet::Timestamp now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace wechaty::puppet_xmpp
