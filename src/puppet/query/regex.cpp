// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/query/regex.hpp"

#include <cstdint>
#include <regex>
#include <utility>

#include "puppet/query/required_text.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {

namespace {

/// What the backtracking matcher may be given: it recurses once a character, and a longer text
/// would overflow the stack.
constexpr std::size_t longest_backtracked_text = 2'000;

/// UTF-8 as code points; a byte that is none stands for itself.
std::wstring code_points(std::string_view text) {
  std::wstring result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    if (length == 1 || i + length > text.size()) {
      result += static_cast<wchar_t>(byte);
      ++i;
      continue;
    }
    auto code = static_cast<std::uint32_t>(byte & (0x7FU >> length));
    for (std::size_t k = 1; k < length; ++k) {
      code = code << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    result += static_cast<wchar_t>(code);
    i += length;
  }
  return result;
}

}  // namespace

struct Regex::Impl {
  std::string pattern;
  RegexCase letters;
  std::wregex compiled;
  PatternHints hints;
  bool backtracks = false;
};

Regex::Regex(std::string_view pattern, RegexCase letters) {
  auto impl = std::make_shared<Impl>();
  impl->pattern = pattern;
  impl->letters = letters;
  auto flags = std::regex_constants::ECMAScript;
  if (letters == RegexCase::insensitive) flags |= std::regex_constants::icase;
  const std::wstring wide = code_points(pattern);
  try {
#if defined(__GLIBCXX__)
    // Matches in time proportional to the text, and without recursion; but knows no back
    // references.
    try {
      impl->compiled.assign(wide, flags | std::regex_constants::__polynomial);
    } catch (const std::regex_error& error) {
      if (error.code() != std::regex_constants::error_complexity) throw;
      impl->compiled.assign(wide, flags);
      impl->backtracks = true;
    }
#else
    impl->compiled.assign(wide, flags);
    impl->backtracks = true;
#endif
  } catch (const std::regex_error& error) {
    throw InvalidArgumentError{"the regular expression /" + impl->pattern +
                               "/ is malformed: " + error.what()};
  }
  impl->hints = hints_of(pattern);
  if (letters == RegexCase::insensitive) impl->hints.required.clear();
  impl_ = std::move(impl);
}

bool Regex::search(std::string_view text) const {
  if (text.find(impl_->hints.required) == std::string_view::npos) return false;
  if (impl_->backtracks) text = text.substr(0, longest_backtracked_text);
  try {
    return std::regex_search(code_points(text), impl_->compiled,
                             impl_->hints.anchored ? std::regex_constants::match_continuous
                                                   : std::regex_constants::match_default);
  } catch (const std::regex_error& error) {
    throw InvalidArgumentError{"the regular expression /" + impl_->pattern +
                               "/ is too complex for this text: " + error.what()};
  }
}

const std::string& Regex::pattern() const noexcept { return impl_->pattern; }
RegexCase Regex::letters() const noexcept { return impl_->letters; }

bool operator==(const Regex& a, const Regex& b) noexcept {
  return a.pattern() == b.pattern() && a.letters() == b.letters();
}

}  // namespace wechaty::puppet
