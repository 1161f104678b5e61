// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/engine/hook_table.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "wechaty/puppet.hpp"

namespace wechaty::puppet {
namespace {

class Mixin {
 public:
  virtual ~Mixin() = default;
  [[nodiscard]] bool overrides_a() const { return hooks_.overrides(this, &Mixin::do_a); }
  [[nodiscard]] bool overrides_b() const { return hooks_.overrides(this, &Mixin::do_b); }

 protected:
  Mixin() : hooks_{this} {}
  virtual void do_a() {}
  virtual int do_b(const std::string& text) { return static_cast<int>(text.size()); }

 private:
  HookTable hooks_;
};

struct Other {
  virtual ~Other() = default;
  virtual void do_c() {}
  int padding = 0;
};
struct None : Mixin {};
struct B : Other, Mixin {  // the mixin is not at the beginning of the object
  int do_b(const std::string&) override { return 1; }
};
struct Both final : B {
  void do_a() override {}
};

TEST(HookTable, TellsWhichHooksAreOverridden) {
  EXPECT_FALSE(None{}.overrides_a());
  EXPECT_FALSE(None{}.overrides_b());
  EXPECT_FALSE(B{}.overrides_a());
  EXPECT_TRUE(B{}.overrides_b());
  EXPECT_TRUE(Both{}.overrides_a());
  EXPECT_TRUE(Both{}.overrides_b());
}

/// Throws where it is called: supports() must not.
class PuppetFew : public Puppet {
 public:
  ~PuppetFew() override { stop(); }

 protected:
  void do_start() override {}
  void do_stop() override {}
  std::vector<std::string> do_contact_list() override { throw ContractError{"called"}; }
  void do_set_room_topic(std::string_view, std::string_view) override {
    throw ContractError{"called"};
  }
  std::vector<std::string> do_tag_contact_list_all() override { throw ContractError{"called"}; }
  void do_logout(std::string_view) override {}
};
/// What a class further down overrides counts as well.
class PuppetMore final : public PuppetFew {
  std::string do_room_topic(std::string_view) override { return ""; }
};

std::set<std::string> supported(const Puppet& puppet) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < capability_count; ++i) {
    const auto capability = static_cast<Capability>(i);
    if (puppet.supports(capability)) names.emplace(capability_name(capability));
  }
  return names;
}

TEST(Supports, ListsExactlyTheOverriddenHooks) {
  const PuppetFew few;
  const std::set<std::string> expected{"contact_list", "logout", "set_room_topic",
                                       "tag_contact_list_all"};
  EXPECT_EQ(supported(few), expected);
  const auto more = supported(PuppetMore{});
  EXPECT_TRUE(more.contains("room_topic"));
  EXPECT_EQ(more.size(), supported(few).size() + 1);
}

TEST(Supports, CapabilitiesHaveNamesOfTheirOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < capability_count; ++i) {
    names.insert(capability_name(static_cast<Capability>(i)));
  }
  EXPECT_EQ(names.size(), capability_count);
  EXPECT_FALSE(names.contains(""));
}

TEST(Supports, WhatIsNotOverriddenSaysSoWhenItIsCalled) {
  class PuppetLoggedIn final : public Puppet {
   public:
    ~PuppetLoggedIn() override { stop(); }

   protected:
    void do_start() override { login("bot"); }
    void do_stop() override {}
  };
  PuppetLoggedIn puppet;
  puppet.start();
  try {
    static_cast<void>(puppet.room_list());
    FAIL() << "no exception";
  } catch (const UnsupportedError& error) {
    EXPECT_STREQ(error.what(),
                 "PuppetLoggedIn does not support room_list: it has no do_room_list()");
  }
}

}  // namespace
}  // namespace wechaty::puppet
