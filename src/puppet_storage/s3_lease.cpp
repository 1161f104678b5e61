// SPDX-License-Identifier: Apache-2.0
#include "puppet_storage/s3_lease.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "puppet/memory/lease_owner.hpp"
#include "puppet_storage/random_id.hpp"
#include "puppet_storage/renewed_lease.hpp"
#include "puppet_storage/retry.hpp"

namespace wechaty::puppet_storage {

using puppet::ConflictError;
using puppet::LeaseOptions;
using puppet::UnsupportedError;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// What the object says: "<number> <owner>\n<token> <ttl in ms> <renewals>\n". A ttl of 0: free.
struct Record {
  std::uint64_t number = 0;
  std::string owner{};
  std::string token{};
  milliseconds ttl{0};
  std::uint64_t renewals = 0;  // so that every version has an ETag of its own

  [[nodiscard]] std::string text() const {
    return std::to_string(number) + ' ' + owner + '\n' + token + ' ' + std::to_string(ttl.count()) +
           ' ' + std::to_string(renewals) + '\n';
  }
  static Record parse(const std::string& text) {
    Record record{.number = puppet::memory::number_in(text),
                  .owner = puppet::memory::owner_in(text)};
    std::istringstream rest{text.substr(std::min(text.find('\n'), text.size()))};
    milliseconds::rep ttl = 0;
    if (rest >> record.token >> ttl) record.ttl = milliseconds{ttl};
    return record;
  }
};

struct Stored {
  Record record;
  std::string etag;
  bool over = false;
};

std::optional<std::chrono::sys_seconds> time_in(const HttpResponse& response, const char* header) {
  const auto found = response.headers.find(header);
  return found == response.headers.end() ? std::nullopt : http_time(found->second);
}

/// Both times are whole seconds, and may come from two machines behind one address.
bool over(const HttpResponse& response, milliseconds ttl) {
  const auto written = time_in(response, "last-modified");
  const auto now = time_in(response, "date");
  return written && now && *now - *written >= std::chrono::ceil<seconds>(ttl) + seconds{2};
}

std::optional<Stored> look(S3Client& client, const std::string& object) {
  const auto response = client.send("GET", object, {});
  if (S3Client::missing(response)) return std::nullopt;
  if (response.status != 200) client.refuse(object, response);
  Stored stored{.record = Record::parse(response.body), .etag = S3Client::etag_of(response)};
  stored.over = stored.record.ttl.count() == 0 || over(response, stored.record.ttl);
  return stored;
}

/// Put the record in place of the version `etag`, of none when it is empty. Returns the new ETag;
/// nullopt when something else was there.
std::optional<std::string> swap(S3Client& client, const std::string& object, const Record& record,
                                const std::string& etag) {
  std::map<std::string, std::string> condition;
  if (etag.empty()) {
    condition["if-none-match"] = "*";
  } else {
    condition["if-match"] = etag;
  }
  const auto response = client.send("PUT", object, record.text(), std::move(condition));
  if (S3Client::refused_by_condition(response, !etag.empty())) return std::nullopt;
  if (response.status != 200) client.refuse(object, response);
  return S3Client::etag_of(response);
}

/// The ETag of our record, once it is there.
std::string take(S3Client& client, const std::string& object, Record& ours) {
  constexpr int tries = 3;  // others may be faster, and gone again
  for (int i = 0; i < tries; ++i) {
    const auto found = look(client, object);
    if (found && found->record.token == ours.token) {  // our own attempt, its answer was lost
      ours.number = found->record.number;
      return found->etag;
    }
    if (found && !found->over) {
      throw ConflictError{client.where(object) + " is in use by " + found->record.owner};
    }
    ours.number =
        std::max(found ? found->record.number + 1 : 1, puppet::memory::milliseconds_now());
    if (auto etag = swap(client, object, ours, found ? found->etag : std::string{})) return *etag;
  }
  throw ConflictError{client.where(object) + " is in use by somebody"};
}

/// Both conditions have to fail on our own object.
void require_conditions(S3Client& client, const std::string& object, const Record& ours) {
  for (const char* etag : {"", "\"no such version\""}) {
    if (!swap(client, object, ours, etag)) continue;
    (void)client.send("DELETE", object, {});
    throw UnsupportedError{client.where(object) +
                           ": this server ignores the conditions of a PUT (If-Match, "
                           "If-None-Match), so that it cannot keep a lease"};
  }
}

}  // namespace

bool s3_lease_is_ours(S3Client& client, const std::string& object, const std::string& token) {
  const auto found = look(client, object);
  return found && found->record.token == token;
}

std::unique_ptr<puppet::StorageLease> acquire_s3_lease(S3Client& client, const std::string& object,
                                                       LeaseOptions options,
                                                       const SharedText& token) {
  if (options.owner.empty()) options.owner = puppet::memory::default_owner();
  struct Held {
    explicit Held(const S3Options& s3_options) : client{s3_options} {}
    S3Client client;  // a connection of its own: a long save must not keep it from being renewed
    Record record{};
    std::string etag{};
  };
  const auto held = std::make_shared<Held>(client.options());
  Record& ours = held->record;
  ours.owner = options.owner;
  ours.token = random_id(32);
  ours.ttl = options.ttl;
  std::replace(ours.owner.begin(), ours.owner.end(), '\n', ' ');
  const auto since = RenewedLease::Clock::now();
  with_retries(client.options().remote, [&](int) {
    held->etag = take(held->client, object, ours);
    require_conditions(held->client, object, ours);
  });
  token.set(ours.token);

  const auto renew = [held, object] {
    ++held->record.renewals;
    auto etag = swap(held->client, object, held->record, held->etag);
    if (!etag) {  // taken, or renewed by us when the answer was lost
      const auto found = look(held->client, object);
      if (!found || found->record.token != held->record.token) return false;
      etag = swap(held->client, object, held->record, found->etag);
    }
    if (!etag) return false;
    held->etag = *etag;
    return true;
  };
  const auto release = [held, object, token] {
    token.clear_if(held->record.token);
    (void)swap(held->client, object, {.number = held->record.number}, held->etag);
  };
  return std::make_unique<RenewedLease>(ours.number, std::move(options),
                                        RenewedLease::Calls{.renew = renew, .release = release},
                                        since);
}

}  // namespace wechaty::puppet_storage
