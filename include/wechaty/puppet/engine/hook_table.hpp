// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstring>

namespace wechaty::puppet {

/// Tells whether a derived class overrides a virtual hook, without calling it.
///
/// A mixin makes one of these in its constructor, when the object's table of virtual functions is
/// still the mixin's own; later the entry of a hook in the table of the whole object is compared
/// with it. C++ has no way to ask that question: a call would be the hook itself, and a member
/// pointer cannot name a protected member of a class that is not known here. This relies on the
/// Itanium C++ ABI (2.3 Member Pointers, 2.5 Virtual Table Layout), which g++ and clang follow on
/// every platform that the library supports.
class HookTable {
 public:
  /// @param mixin  `this`, in the initialiser of the mixin's own member
  explicit HookTable(const void* mixin) noexcept : own_{table_of(mixin)} {}

  /// Whether the object of which `self` is a part overrides `hook`.
  template <class Mixin, class Hook>
  [[nodiscard]] bool overrides(const Mixin* self, Hook Mixin::*hook) const noexcept {
    struct MemberPointer {
      std::ptrdiff_t function;
      std::ptrdiff_t adjustment;
    } pointer{};
    static_assert(sizeof(hook) == sizeof(pointer));
    std::memcpy(&pointer, &hook, sizeof(pointer));
#if defined(__aarch64__) || defined(__arm__)
    const std::ptrdiff_t offset = pointer.function;
#else
    const std::ptrdiff_t offset = pointer.function - 1;
#endif
    return entry(own_, offset) != entry(table_of(self), offset);
  }

 private:
  using Table = const unsigned char*;

  static Table table_of(const void* object) noexcept {
    Table table = nullptr;
    std::memcpy(&table, object, sizeof(table));
    return table;
  }

  static const void* entry(Table table, std::ptrdiff_t offset) noexcept {
    const void* function = nullptr;
    std::memcpy(&function, table + offset, sizeof(function));
    return function;
  }

  Table own_;
};

}  // namespace wechaty::puppet
