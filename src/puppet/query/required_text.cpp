// SPDX-License-Identifier: Apache-2.0
#include "puppet/query/required_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

namespace wechaty::puppet {

namespace {

/// Reads the outermost level of a pattern; what is in groups and classes is skipped.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_{pattern} {}

  PatternHints read() {
    hints_.anchored = pattern_.starts_with('^');
    while (at_ < pattern_.size()) {
      if (pattern_[at_] == '|') return {};  // any of several: nothing is certain
      step();
    }
    end_run();
    return std::move(hints_);
  }

 private:
  void step() {
    const char c = pattern_[at_++];
    switch (c) {
      case '\\':
        if (at_ < pattern_.size() && std::ispunct(static_cast<unsigned char>(pattern_[at_])) != 0) {
          begin_character(pattern_[at_]);
        } else {
          end_run();  // a class, a boundary, a control character, a back reference
        }
        ++at_;
        // \cX, \xHH and \uHHHH: their digits are no text of their own.
        skip_escape_digits();
        return;
      case '[':
        end_run();
        skip_class();
        return;
      case '(':
        end_run();
        skip_group();
        return;
      case '*':
      case '?':
      case '{':
        run_.resize(last_character_);  // what may come no time at all is not required
        end_run();
        if (c == '{') at_ = std::min(pattern_.find('}', at_), pattern_.size() - 1) + 1;
        return;
      case '+':
      case '.':
      case '^':
      case '$':
      case ')':
      case ']':
      case '}': end_run(); return;
      default: begin_character(c);
    }
  }

  void begin_character(char c) {
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;  // UTF-8
    if (!continues) last_character_ = run_.size();
    run_ += c;
  }

  void end_run() {
    if (run_.size() > hints_.required.size()) hints_.required = run_;
    run_.clear();
    last_character_ = 0;
  }

  void skip_escape_digits() {
    const char kind = at_ > 0 && at_ <= pattern_.size() ? pattern_[at_ - 1] : '\0';
    std::size_t digits = 0;
    if (kind == 'c') digits = 1;
    if (kind == 'x') digits = 2;
    if (kind == 'u') digits = 4;
    if (std::isdigit(static_cast<unsigned char>(kind)) != 0) {
      while (at_ < pattern_.size() &&
             std::isdigit(static_cast<unsigned char>(pattern_[at_])) != 0) {
        ++at_;
      }
    }
    at_ = std::min(at_ + digits, pattern_.size());
  }

  void skip_class() {
    for (; at_ < pattern_.size() && pattern_[at_] != ']'; ++at_) {
      if (pattern_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  void skip_group() {
    for (int depth = 1; at_ < pattern_.size() && depth > 0;) {
      const char c = pattern_[at_++];
      if (c == '\\') ++at_;
      if (c == '[') skip_class();
      if (c == '(') ++depth;
      if (c == ')') --depth;
    }
  }

  const std::string_view pattern_;
  std::size_t at_ = 0;
  std::string run_;                 // ordinary characters that follow each other
  std::size_t last_character_ = 0;  // where the last of them begins
  PatternHints hints_;
};

}  // namespace

PatternHints hints_of(std::string_view pattern) { return PatternReader{pattern}.read(); }

}  // namespace wechaty::puppet
