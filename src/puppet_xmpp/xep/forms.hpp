// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// A data form (XEP-0004) to be submitted.
[[nodiscard]] inline Element submit_form(
    std::string_view form_type,
    const std::vector<std::pair<std::string_view, std::string>>& fields) {
  Element form = Element{"x", ns::forms}.set("type", "submit");
  form.add(Element{"field"}
               .set("var", "FORM_TYPE")
               .set("type", "hidden")
               .add(Element{"value", {}, form_type}));
  for (const auto& [name, value] : fields) {
    form.add(Element{"field"}.set("var", name).add(Element{"value", {}, value}));
  }
  return form;
}

/// The first value of a field of the form inside `parent`; nullopt without form or field.
[[nodiscard]] inline std::optional<std::string> form_field(const Element& parent,
                                                           std::string_view name) {
  for (const Element& form : parent.children) {
    if (!form.is("x", ns::forms)) continue;
    for (const Element& field : form.children) {
      if (field.name == "field" && field.attr("var") == name) {
        return std::string{field.child_text("value")};
      }
    }
  }
  return std::nullopt;
}

}  // namespace wechaty::puppet_xmpp
