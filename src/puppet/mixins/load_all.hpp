// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "puppet/engine/fan_out.hpp"
#include "wechaty/puppet/cache/payload_cache.hpp"

namespace wechaty::puppet {

/// The payloads of many ids, in their order: what is cached at once, the rest from the service,
/// `width` at a time. Null where the service failed; `on_failure(error, id)` is told, in order.
///
/// @param group  of the cache; nullptr where each id is its own group
/// @param load   fetches one payload, e.g. ContactMixin::load_contact
template <class T, class Load, class OnFailure>
std::vector<std::shared_ptr<const T>> load_all(PayloadCache<T>& cache,
                                               const std::string_view* group,
                                               std::span<const std::string> ids, std::size_t width,
                                               Load load, OnFailure on_failure) {
  auto payloads = group == nullptr ? cache.find_all(ids) : cache.find_all(*group, ids);
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!payloads[i]) missing.push_back(i);
  }
  std::vector<std::exception_ptr> errors(missing.size());
  fan_out(missing.size(), width, [&](std::size_t i) {
    try {
      payloads[missing[i]] = load(ids[missing[i]]);
    } catch (...) {
      errors[i] = std::current_exception();
    }
  });
  for (std::size_t i = 0; i < missing.size(); ++i) {
    if (errors[i]) on_failure(errors[i], ids[missing[i]]);
  }
  return payloads;
}

}  // namespace wechaty::puppet
