// SPDX-License-Identifier: Apache-2.0
#include "puppet_xmpp/stream/scram.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <charconv>
#include <map>
#include <utility>

#include "puppet_xmpp/bytes.hpp"

namespace wechaty::puppet_xmpp {

namespace {

constexpr std::uint32_t fewest_iterations = 4'096;    // RFC 5802
constexpr std::uint32_t most_iterations = 5'000'000;  // a hostile server must not keep us busy

const EVP_MD* algorithm_of(std::string_view mechanism) {
  if (mechanism == "SCRAM-SHA-256") return EVP_sha256();
  if (mechanism == "SCRAM-SHA-1") return EVP_sha1();
  return nullptr;
}

const char* name_of(std::string_view mechanism) {
  return mechanism == "SCRAM-SHA-256" ? "SHA256" : "SHA1";
}

std::string hmac(std::string_view mechanism, std::string_view key, std::string_view text) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  if (HMAC(algorithm_of(mechanism), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           reinterpret_cast<unsigned char*>(out.data()), &length) == nullptr) {
    throw puppet::Error{"SCRAM: HMAC failed"};
  }
  out.resize(length);
  return out;
}

std::string salted(std::string_view mechanism, std::string_view password, std::string_view salt,
                   std::uint32_t iterations) {
  const EVP_MD* const algorithm = algorithm_of(mechanism);
  std::string out(static_cast<std::size_t>(EVP_MD_size(algorithm)), '\0');
  if (PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()),
                        reinterpret_cast<const unsigned char*>(salt.data()),
                        static_cast<int>(salt.size()), static_cast<int>(iterations), algorithm,
                        static_cast<int>(out.size()),
                        reinterpret_cast<unsigned char*>(out.data())) != 1) {
    throw puppet::Error{"SCRAM: PBKDF2 failed"};
  }
  return out;
}

/// The attributes of a SCRAM message: a letter, '=', a value, separated by commas.
std::map<char, std::string> attributes_of(std::string_view message) {
  std::map<char, std::string> found;
  while (!message.empty()) {
    const auto comma = message.find(',');
    const std::string_view part = message.substr(0, comma);
    if (part.size() < 2 || part[1] != '=') throw puppet::Error{"SCRAM: not a message of it"};
    found.emplace(part[0], part.substr(2));
    message.remove_prefix(comma == std::string_view::npos ? message.size() : comma + 1);
  }
  return found;
}

std::string escaped_name(std::string_view user) {
  std::string out;
  for (const char c : user) out += c == '=' ? "=3D" : c == ',' ? "=2C" : std::string(1, c);
  return out;
}

}  // namespace

bool Scram::knows(std::string_view mechanism) { return algorithm_of(mechanism) != nullptr; }

Scram::Scram(std::string_view mechanism, std::string_view user, std::optional<std::string> password,
             std::optional<ScramKeys> keys, std::string nonce)
    : user_{escaped_name(user)},
      password_{std::move(password)},
      known_{std::move(keys)},
      nonce_{std::move(nonce)} {
  if (!knows(mechanism)) {
    throw puppet::InvalidArgumentError{"SCRAM: unknown mechanism " + std::string{mechanism}};
  }
  keys_.mechanism = mechanism;
}

std::string Scram::bare_first() const { return "n=" + user_ + ",r=" + nonce_; }

std::string Scram::client_first() const { return "n,," + bare_first(); }

std::string Scram::client_final(std::string_view server_first) {
  auto attributes = attributes_of(server_first);
  if (attributes.contains('m')) throw puppet::Error{"SCRAM: an extension that must be understood"};
  const std::string nonce = attributes['r'];
  const auto salt = from_base64(attributes['s']);
  const std::string& count = attributes['i'];
  std::uint32_t iterations = 0;
  const auto parsed = std::from_chars(count.data(), count.data() + count.size(), iterations);
  if (!nonce.starts_with(nonce_) || nonce.size() == nonce_.size() || !salt || salt->empty() ||
      parsed.ptr != count.data() + count.size() || iterations < fewest_iterations ||
      iterations > most_iterations) {
    throw puppet::Error{"SCRAM: the server's first message is not as it must be"};
  }
  keys_.salt = *salt;
  keys_.iterations = iterations;
  if (known_ && known_->mechanism == keys_.mechanism && known_->salt == keys_.salt &&
      known_->iterations == iterations) {
    keys_ = *known_;
  } else if (password_) {
    const std::string password = salted(keys_.mechanism, *password_, keys_.salt, iterations);
    keys_.client_key = hmac(keys_.mechanism, password, "Client Key");
    keys_.server_key = hmac(keys_.mechanism, password, "Server Key");
  } else {
    throw PasswordNeededError{"the login keys on the memory card are out of date"};
  }
  const std::string without_proof = "c=biws,r=" + nonce;
  const std::string signed_text =
      bare_first() + "," + std::string{server_first} + "," + without_proof;
  const std::string stored_key = digest(name_of(keys_.mechanism), keys_.client_key);
  std::string proof = hmac(keys_.mechanism, stored_key, signed_text);
  for (std::size_t i = 0; i < proof.size(); ++i) {
    proof[i] = static_cast<char>(proof[i] ^ keys_.client_key.at(i));
  }
  server_signature_ = hmac(keys_.mechanism, keys_.server_key, signed_text);
  return without_proof + ",p=" + to_base64(proof);
}

bool Scram::verify(std::string_view server_final) const {
  try {
    const auto attributes = attributes_of(server_final);
    const auto found = attributes.find('v');
    if (found == attributes.end() || server_signature_.empty()) return false;
    const auto signature = from_base64(found->second);
    return signature && signature->size() == server_signature_.size() &&
           CRYPTO_memcmp(signature->data(), server_signature_.data(), signature->size()) == 0;
  } catch (const puppet::Error&) {
    return false;
  }
}

}  // namespace wechaty::puppet_xmpp
