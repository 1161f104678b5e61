// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/x509.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service::x509 {
namespace {

using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>>;

void check(bool worked, std::string_view what) {
  if (worked) return;
  std::array<char, 256> reason{};
  ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
  throw puppet::Error{"OpenSSL: " + std::string{what} + ": " + reason.data()};
}

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

void add_extension(X509& certificate, X509& issuer, int id, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
  const Extension extension{X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str())};
  check(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, "X509_add_ext");
}

void set_serial(X509& certificate) {
  std::array<unsigned char, 16> bytes{};
  check(RAND_bytes(bytes.data(), bytes.size()) == 1, "RAND_bytes");
  bytes[0] &= 0x7FU;  // a serial number is positive
  const std::unique_ptr<BIGNUM, Free<BN_free>> number{
      BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr)};
  check(number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(&certificate)) != nullptr,
        "BN_to_ASN1_INTEGER");
}

std::string text_of(BIO& bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(&bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Key make_key() {
  Key key{EVP_EC_gen("P-256")};
  check(key != nullptr, "EVP_EC_gen");
  return key;
}

Certificate make_certificate(EVP_PKEY& key, const Names& names, int days, X509* issuer,
                             EVP_PKEY* issuer_key) {
  Certificate certificate{X509_new()};
  check(certificate != nullptr, "X509_new");
  X509& made = *certificate;
  X509& signer = issuer == nullptr ? made : *issuer;
  constexpr long hour = 3'600;
  check(X509_set_version(&made, 2) == 1, "X509_set_version");  // 2 stands for v3
  set_serial(made);
  check(X509_gmtime_adj(X509_getm_notBefore(&made), -hour) != nullptr, "X509_gmtime_adj");
  check(X509_time_adj_ex(X509_getm_notAfter(&made), days, 0, nullptr) != nullptr,
        "X509_time_adj_ex");
  check(X509_set_pubkey(&made, &key) == 1, "X509_set_pubkey");
  check(X509_NAME_add_entry_by_txt(X509_get_subject_name(&made), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(names.common_name.data()),
                                   static_cast<int>(names.common_name.size()), -1, 0) == 1,
        "X509_NAME_add_entry_by_txt");
  check(X509_set_issuer_name(&made, X509_get_subject_name(&signer)) == 1, "X509_set_issuer_name");
  if (issuer == nullptr) {
    add_extension(made, signer, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
    add_extension(made, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(made, signer, NID_subject_key_identifier, "hash");
  } else {
    add_extension(made, signer, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made, signer, NID_key_usage, "critical,digitalSignature");
    add_extension(made, signer, NID_ext_key_usage, "serverAuth");
    add_extension(made, signer, NID_subject_key_identifier, "hash");
    add_extension(made, signer, NID_authority_key_identifier, "keyid");
    std::string alternative;
    for (const auto& name : names.alternative) {
      if (!alternative.empty()) alternative += ',';
      alternative += (is_address(name) ? "IP:" : "DNS:") + name;
    }
    add_extension(made, signer, NID_subject_alt_name, alternative);
  }
  check(X509_sign(&made, issuer == nullptr ? &key : issuer_key, EVP_sha256()) > 0, "X509_sign");
  return certificate;
}

std::string to_pem(X509& certificate) {
  const Bio bio{BIO_new(BIO_s_mem())};
  check(bio && PEM_write_bio_X509(bio.get(), &certificate) == 1, "PEM_write_bio_X509");
  return text_of(*bio);
}

std::string to_pem(EVP_PKEY& key) {
  const Bio bio{BIO_new(BIO_s_mem())};
  check(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr,
                                             nullptr) == 1,
        "PEM_write_bio_PKCS8PrivateKey");
  return text_of(*bio);
}

Certificate certificate_of(const std::string& pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  Certificate certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)};
  ERR_clear_error();
  return certificate;
}

Key key_of(const std::string& pem) {
  const Bio bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  // Never ask for a pass phrase on the terminal.
  const auto no_phrase = [](char*, int, int, void*) { return 0; };
  Key key{PEM_read_bio_PrivateKey(bio.get(), nullptr, no_phrase, nullptr)};
  ERR_clear_error();
  return key;
}

bool is_good(X509& certificate, X509& authority, const std::vector<std::string>& names, int days) {
  std::time_t then = std::time(nullptr) + std::time_t{days} * 86'400;
  if (X509_cmp_current_time(X509_get0_notBefore(&certificate)) > 0 ||
      X509_cmp_time(X509_get0_notAfter(&certificate), &then) < 0) {
    return false;
  }
  const bool for_all = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return is_address(name) ? X509_check_ip_asc(&certificate, name.c_str(), 0) == 1
                            : X509_check_host(&certificate, name.data(), name.size(),
                                              X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr) == 1;
  });
  const bool issued = X509_verify(&certificate, X509_get0_pubkey(&authority)) == 1;
  ERR_clear_error();
  return for_all && issued;
}

}  // namespace wechaty::puppet_service::x509
