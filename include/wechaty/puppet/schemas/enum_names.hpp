// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>

namespace wechaty::puppet {

/// One enumerator and its name in the contract, e.g. `{MessageType::mini_program, "MiniProgram"}`.
template <class E>
struct EnumName {
  E value;
  std::string_view name;
};
// clang 14 does not deduce aggregates without it.
template <class E>
EnumName(E, const char*) -> EnumName<E>;

/// All enumerators of `E` with their names, by rising number. Each enum of the schemas
/// specialises it next to its definition; conversions and JSON are made from this one list.
template <class E>
inline constexpr std::nullptr_t enum_names = nullptr;

/// An enum of the contract, i.e. one that has its list of names.
template <class E>
concept ContractEnum =
    std::is_enum_v<E> && !std::is_same_v<decltype(enum_names<E>), const std::nullptr_t>;

/// The contract's name of an enumerator, e.g. "QRCode"; empty for a number without a name.
/// Thread: any.
template <ContractEnum E>
[[nodiscard]] constexpr std::string_view name_of(E value) noexcept {
  for (const auto& entry : enum_names<E>) {
    if (entry.value == value) return entry.name;
  }
  return {};
}

/// The enumerator with that name, spelt exactly as in the contract; nullopt if there is none.
/// Thread: any.
template <ContractEnum E>
[[nodiscard]] constexpr std::optional<E> enum_from_name(std::string_view name) noexcept {
  for (const auto& entry : enum_names<E>) {
    if (entry.name == name) return entry.value;
  }
  return std::nullopt;
}

/// The enumerator with that wire number; nullopt for a number that the contract does not know.
/// Thread: any.
template <ContractEnum E>
[[nodiscard]] constexpr std::optional<E> enum_from_number(long long number) noexcept {
  for (const auto& entry : enum_names<E>) {
    if (static_cast<long long>(entry.value) == number) return entry.value;
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet
