// SPDX-License-Identifier: Apache-2.0
#include "wechaty/puppet/cache/payload_caches.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet {
namespace {

/// An environment variable for as long as it lives.
class Variable {
 public:
  Variable(std::string name, const char* value) : name_{std::move(name)} {
    setenv(name_.c_str(), value, 1);
  }
  ~Variable() { unsetenv(name_.c_str()); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
};

std::string variable(const std::string& name) { return "WECHATY_PUPPET_LRU_CACHE_SIZE_" + name; }

/// How many payloads a cache really keeps.
template <class T>
std::size_t kept(PayloadCache<T>& cache) {
  for (int i = 0; i < 2'000; ++i) cache.put(std::to_string(i), std::make_shared<const T>());
  return cache.values().size();
}

TEST(PayloadCaches, HaveTheSizesOfTheOriginal) {
  PayloadCaches caches{PuppetOptions{}};
  EXPECT_EQ(kept(caches.contact), 500U);
  EXPECT_EQ(kept(caches.friendship), 100U);
  EXPECT_EQ(kept(caches.message), 500U);
  EXPECT_EQ(kept(caches.post), 100U);
  EXPECT_EQ(kept(caches.room), 100U);
  EXPECT_EQ(kept(caches.room_invitation), 100U);
  EXPECT_EQ(kept(caches.room_member), 100U);
}

TEST(PayloadCaches, TheEnvironmentSetsSizesAndOptionsWinOverIt) {
  const Variable contact{variable("CONTACT"), "7"};
  const Variable invitation{variable("ROOM_INVITATION"), "8"};
  const Variable room{variable("ROOM"), "9"};
  PayloadCaches caches{PuppetOptions{.cache = {.room = 3}}};
  EXPECT_EQ(kept(caches.contact), 7U);
  EXPECT_EQ(kept(caches.room_invitation), 8U);
  EXPECT_EQ(kept(caches.room), 3U);
}

TEST(PayloadCaches, AVariableThatIsNoSizeIsIgnored) {
  for (const char* const value : {"", "many", "0", "-5", "5x", "99999999999999999999999"}) {
    const Variable room{variable("ROOM"), value};
    EXPECT_EQ(cache_size(std::nullopt, "ROOM", 100), 100U) << value;
  }
}

TEST(PayloadCaches, ASizeOfZeroIsRefusedAndNamed) {
  try {
    PayloadCaches caches{PuppetOptions{.cache = {.friendship = 0}}};
    FAIL() << "no exception";
  } catch (const InvalidArgumentError& error) {
    EXPECT_NE(std::string{error.what()}.find("FRIENDSHIP"), std::string::npos);
  }
}

TEST(PayloadCaches, DirtyDropsFromTheCacheOfItsType) {
  PayloadCaches caches{PuppetOptions{}};
  const auto fill = [&] {
    caches.contact.put("x", std::make_shared<const ContactPayload>());
    caches.friendship.put("x", std::make_shared<const FriendshipPayload>());
    caches.message.put("x", std::make_shared<const MessagePayload>());
    caches.post.put("x", std::make_shared<const PostPayload>());
    caches.room.put("x", std::make_shared<const RoomPayload>());
    caches.room_member.put("x", "alice", std::make_shared<const RoomMemberPayload>());
  };
  const auto present = [&] {
    return std::string{caches.message.find("x") ? "1" : ""} +
           std::string{caches.contact.find("x") ? "2" : ""} +
           std::string{caches.room.find("x") ? "3" : ""} +
           std::string{caches.room_member.find("x", "alice") ? "4" : ""} +
           std::string{caches.friendship.find("x") ? "5" : ""} +
           std::string{caches.post.find("x") ? "6" : ""};
  };
  for (int type = 1; type <= 6; ++type) {
    fill();
    caches.drop(static_cast<DirtyType>(type), "x");
    std::string rest = "123456";
    EXPECT_EQ(present(), rest.erase(static_cast<std::size_t>(type - 1), 1));
  }
  caches.clear();
  EXPECT_EQ(present(), "");
  EXPECT_THROW(caches.drop(DirtyType::unspecified, "x"), InvalidArgumentError);
}

}  // namespace
}  // namespace wechaty::puppet
