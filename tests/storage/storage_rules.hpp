// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "wechaty/puppet/memory/memory_card.hpp"
#include "wechaty/puppet/memory/memory_storage.hpp"

// What every storage has to keep, whatever it is made of (contract R3.3 and R4). Each engine's test
// calls these with a function that opens the same card anew, as another process would.
namespace wechaty::puppet::test {

template <class Open>
void nothing_stored_is_no_error(Open open) {
  EXPECT_EQ(open()->load(), std::nullopt);
  EXPECT_NO_THROW(open()->destroy());
}

template <class Open>
void keeps_documents_byte_for_byte(Open open) {
  const auto storage = open();
  std::string version;
  for (const std::string& text :
       {std::string{"{}"}, std::string{"{\"\\rpuppet\\nk\":\"漢 \xf0\x9f\x98\x80\"}"},
        std::string("a\0b\r\n\xff", 6), std::string(1'000'000, 'x'), std::string{}}) {
    version = storage->save(text, version);
    EXPECT_FALSE(version.empty());
    const auto loaded = open()->load();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->text, text);
    EXPECT_EQ(loaded->version, version);
  }
  storage->destroy();
}

template <class Open>
void the_later_writer_gets_a_conflict(Open open) {
  const auto a = open();
  const auto b = open();
  const auto first = a->save("a1", "");
  EXPECT_THROW((void)b->save("b1", ""), ConflictError);
  const auto second = b->save("b2", first);
  EXPECT_THROW((void)a->save("a2", first), ConflictError);
  EXPECT_EQ(a->load()->text, "b2");
  b->destroy();
  EXPECT_THROW((void)b->save("b3", second), ConflictError);
  EXPECT_EQ(a->load(), std::nullopt);
}

template <class Open>
void of_many_writers_exactly_one_wins(Open open) {
  const auto version = open()->save("base", "");
  std::atomic<int> winners{0};
  std::atomic<int> losers{0};
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i) {
      writers.emplace_back([&, i, storage = std::shared_ptr<MemoryStorage>{open()}] {
        try {
          (void)storage->save("writer " + std::to_string(i), version);
          ++winners;
        } catch (const ConflictError&) {
          ++losers;
        }
      });
    }
  }
  EXPECT_EQ(winners.load(), 1);
  EXPECT_EQ(losers.load(), 7);
  open()->destroy();
}

template <class Open>
void a_damaged_document_is_set_aside(Open open) {
  auto storage = open();
  const auto version = storage->save("no json", "");
  EXPECT_THROW((void)storage->set_aside("another version"), ConflictError);
  MemoryCard card{"bot", std::move(storage)};
  const auto result = card.load();
  EXPECT_FALSE(result.found);
  ASSERT_TRUE(result.set_aside_as) << result.damage;
  EXPECT_THAT(*result.set_aside_as, testing::HasSubstr("damaged"));
  EXPECT_EQ(open()->load(), std::nullopt);
  card.set("k", 1);
  EXPECT_TRUE(card.save());
  EXPECT_EQ(open()->load()->text, R"({"k":1})");
  card.destroy();
}

template <class Open>
void one_process_at_a_time_has_the_lease(Open open) {
  const auto first = open();
  const auto second = open();
  auto lease = first->acquire_lease({.owner = "machine one"});
  EXPECT_TRUE(lease->held());
  try {
    (void)second->acquire_lease({});
    ADD_FAILURE() << "two leases";
  } catch (const ConflictError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("machine one"));
  }
  const auto number = lease->fencing_number();
  EXPECT_GT(number, 0U);
  const auto version = first->save("{}", "");
  lease.reset();
  lease = second->acquire_lease({});
  EXPECT_GT(lease->fencing_number(), number);
  (void)second->save("{\"k\":1}", version);
  second->destroy();
}

/// @param ttl  of the lease of a process that dies
/// @param limit  by when the next has to have it
template <class Open>
void after_a_crash_the_next_has_the_lease(Open open, std::chrono::milliseconds ttl,
                                          std::chrono::milliseconds limit) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto lease = open()->acquire_lease({.ttl = ttl, .owner = "the one that died"});
    const bool held = lease->held();
    (void)lease.release();
    ::_exit(held ? 0 : 1);  // without giving it back
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto died = std::chrono::steady_clock::now();
  const auto storage = open();
  EXPECT_THROW((void)storage->acquire_lease({}), ConflictError);
  std::unique_ptr<StorageLease> lease;
  while (!lease && std::chrono::steady_clock::now() < died + limit) {
    try {
      lease = storage->acquire_lease({.ttl = ttl});
    } catch (const ConflictError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("the one that died"));
      std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
  }
  EXPECT_TRUE(lease) << "not free after " << limit.count() << " ms";
}

}  // namespace wechaty::puppet::test
