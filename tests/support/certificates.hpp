// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace wechaty::puppet::test {

/// A certificate authority of a test's own, made by the program openssl.
class CertificateAuthority {
 public:
  struct Certificate {
    std::string certificate, key;  ///< files in PEM form
  };

  /// @param folder  where its files go; @param name of them, and of the authority
  CertificateAuthority(std::string folder, const std::string& name)
      : folder_{std::move(folder)}, name_{name} {
    // A configuration without extensions, so that the machine's adds none.
    std::ofstream{folder_ + "/openssl.cnf"} << "[req]\ndistinguished_name=dn\n[dn]\n";
    make(name, "-addext basicConstraints=critical,CA:TRUE");
  }

  [[nodiscard]] std::string file() const { return folder_ + "/" + name_ + ".pem"; }

  /// For 127.0.0.1 and localhost, as server or client.
  [[nodiscard]] Certificate issue(const std::string& name) const {
    make(name, "-CA " + file() + " -CAkey " + folder_ + "/" + name_ +
                   ".key -addext basicConstraints=CA:FALSE"
                   " -addext subjectAltName=IP:127.0.0.1,DNS:localhost"
                   " -addext extendedKeyUsage=serverAuth,clientAuth");
    return {folder_ + "/" + name + ".pem", folder_ + "/" + name + ".key"};
  }

 private:
  void make(const std::string& name, const std::string& how) const {
    const std::string files = folder_ + "/" + name;
    const std::string command = "openssl req -x509 -config " + folder_ +
                                "/openssl.cnf -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                                "-days 2 -subj /CN=" +
                                name + " -keyout " + files + ".key -out " + files + ".pem " + how +
                                " 2>" + files + ".log";
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"failed: " + command};
  }

  std::string folder_;
  std::string name_;
};

}  // namespace wechaty::puppet::test
