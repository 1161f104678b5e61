// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The little of OpenSSL that a server's own certificate needs. Thread: any.
namespace wechaty::puppet_service::x509 {

template <auto free_it>
struct Free {
  template <class T>
  void operator()(T* object) const {
    free_it(object);
  }
};
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

struct Names {
  std::string common_name;
  std::vector<std::string> alternative;  ///< DNS names and IP addresses
};

/// A new key on the curve P-256. @throws Error when OpenSSL fails
[[nodiscard]] Key make_key();

/// @param issuer, issuer_key  null: an authority that is its own issuer
/// @param days                how long it is valid, from an hour ago on
/// @throws Error when OpenSSL fails
[[nodiscard]] Certificate make_certificate(EVP_PKEY& key, const Names& names, int days,
                                           X509* issuer, EVP_PKEY* issuer_key);

[[nodiscard]] std::string to_pem(X509& certificate);
[[nodiscard]] std::string to_pem(EVP_PKEY& key);
/// null when the text is none
[[nodiscard]] Certificate certificate_of(const std::string& pem);
[[nodiscard]] Key key_of(const std::string& pem);

/// Whether it is valid now, for the next `days`, for all names, and issued by the authority.
[[nodiscard]] bool is_good(X509& certificate, X509& authority,
                           const std::vector<std::string>& names, int days);

}  // namespace wechaty::puppet_service::x509
