// SPDX-License-Identifier: Apache-2.0
#include "puppet_service/server/server_certificate.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>

#include "puppet_service/server/x509.hpp"
#include "puppet_service/wire/token.hpp"
#include "wechaty/puppet/error.hpp"

namespace wechaty::puppet_service {
namespace {

constexpr int authority_days = 3'650;
constexpr int server_days = 397;               // as long as clients accept at all
constexpr int renewal_days = server_days / 2;  // before it expires: a gateway runs for long

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw puppet::StorageError{"the server's own certificate: cannot " + what + " \"" + path +
                             "\": " + std::generic_category().message(errno)};
}

class File {
 public:
  File(const std::string& path, int flags) : descriptor_{open(path.c_str(), flags, 0600)} {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  const int descriptor_;
};

std::optional<std::string> read_file(const std::string& path) {
  const File file{path, O_RDONLY | O_CLOEXEC};
  if (file.get() < 0) {
    if (errno == ENOENT) return std::nullopt;
    fail("read", path);
  }
  std::string text;
  std::array<char, 4096> chunk{};
  while (true) {
    const ssize_t count = read(file.get(), chunk.data(), chunk.size());
    if (count < 0) fail("read", path);
    if (count == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

/// Whole or not at all, and for its owner only from the first byte on.
void write_file(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  {
    unlink(part.c_str());
    const File file{part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW};
    if (file.get() < 0) fail("write", part);
    std::size_t written = 0;
    while (written < text.size()) {
      const ssize_t count = write(file.get(), text.data() + written, text.size() - written);
      if (count < 0) fail("write", part);
      written += static_cast<std::size_t>(count);
    }
    if (fsync(file.get()) != 0) fail("write", part);
  }
  if (rename(part.c_str(), path.c_str()) != 0) fail("rename", part);
}

void make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path{folder}.parent_path(), error);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail("make the folder", folder);
}

struct Paths {
  explicit Paths(const std::string& folder)
      : lock{folder + "/lock"},
        ca{folder + "/ca.pem"},
        ca_key{folder + "/ca-key.pem"},
        server{folder + "/server.pem"},
        server_key{folder + "/server-key.pem"} {}
  std::string lock, ca, ca_key, server, server_key;
};

struct Authority {
  x509::Certificate certificate;
  x509::Key key;
};

Authority authority_in(const Paths& paths) {
  const auto certificate = read_file(paths.ca);
  const auto key = read_file(paths.ca_key);
  if (certificate && key) {
    Authority found{x509::certificate_of(*certificate), x509::key_of(*key)};
    if (!found.certificate || !found.key ||
        X509_check_private_key(found.certificate.get(), found.key.get()) != 1) {
      // Clients trust this one: it is not replaced unseen.
      throw puppet::StorageError{"the server's own certificate: \"" + paths.ca + "\" and \"" +
                                 paths.ca_key +
                                 "\" are damaged; remove both to have new ones made"};
    }
    if (x509::is_good(*found.certificate, *found.certificate, {}, 0)) return found;
  }
  Authority made;
  made.key = x509::make_key();
  std::string name = "Wechaty puppet gateway";
  if (const auto names = certificate_names({}); !names.empty()) name += " on " + names.back();
  made.certificate =
      x509::make_certificate(*made.key, {.common_name = name.substr(0, 64), .alternative = {}},
                             authority_days, nullptr, nullptr);
  write_file(paths.ca_key, x509::to_pem(*made.key));
  write_file(paths.ca, x509::to_pem(*made.certificate));
  return made;
}

}  // namespace

void check_pair(const CertificatePair& pair) {
  const auto certificate = x509::certificate_of(pair.certificate);
  if (!certificate) {
    throw puppet::InvalidArgumentError{"the TLS certificate is no PEM text of a certificate"};
  }
  const auto key = x509::key_of(pair.key);
  if (!key) {
    throw puppet::InvalidArgumentError{
        "the TLS key is no PEM text of a private key without a pass phrase"};
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    throw puppet::InvalidArgumentError{
        "the TLS certificate and the TLS key do not belong together"};
  }
}

std::vector<std::string> certificate_names(std::string_view token) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1", "insecure"};
  const auto add = [&](const std::string& name) {
    // What goes into the certificate's configuration must not have its signs.
    const bool plain =
        !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
          return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                 c == '-' || c == '.' || c == '_';
        });
    if (plain && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  add(server_name_of(token));
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) == 0) add(host.data());
  return names;
}

std::string default_state_folder() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string{value == nullptr ? "" : value};
  };
  if (const std::string state = variable("XDG_STATE_HOME"); !state.empty()) {
    return state + "/wechaty-puppet/gateway";
  }
  const std::string home = variable("HOME");
  if (home.empty()) {
    throw puppet::StorageError{
        "the server's own certificate: neither XDG_STATE_HOME nor HOME says where to keep it"};
  }
  return home + "/.local/state/wechaty-puppet/gateway";
}

OwnCertificate own_certificate(const std::string& folder, const std::vector<std::string>& names) {
  make_folder(folder);
  const Paths paths{folder};
  const File lock{paths.lock, O_RDWR | O_CREAT | O_CLOEXEC};
  if (lock.get() < 0 || flock(lock.get(), LOCK_EX) != 0) fail("lock", paths.lock);

  const Authority authority = authority_in(paths);
  OwnCertificate own{.pair = {}, .ca = x509::to_pem(*authority.certificate), .ca_file = paths.ca};
  const auto kept = read_file(paths.server);
  const auto kept_key = read_file(paths.server_key);
  if (kept && kept_key) {
    const auto certificate = x509::certificate_of(*kept);
    const auto key = x509::key_of(*kept_key);
    if (certificate && key && X509_check_private_key(certificate.get(), key.get()) == 1 &&
        x509::is_good(*certificate, *authority.certificate, names, renewal_days)) {
      own.pair = {*kept, *kept_key};
      return own;
    }
  }
  const auto key = x509::make_key();
  const auto certificate =
      x509::make_certificate(*key, {.common_name = "Wechaty puppet gateway", .alternative = names},
                             server_days, authority.certificate.get(), authority.key.get());
  own.pair = {x509::to_pem(*certificate) + own.ca, x509::to_pem(*key)};
  write_file(paths.server_key, own.pair.key);
  write_file(paths.server, own.pair.certificate);
  return own;
}

}  // namespace wechaty::puppet_service
