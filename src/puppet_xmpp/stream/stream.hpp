// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "puppet_xmpp/element.hpp"

namespace wechaty::puppet_xmpp {

/// One connection to a server: bytes out, elements in. Used once.
///
/// Thread: the loop's only. Its events (StreamListener) come on the same thread.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// Send the stream's opening tag; also after TLS and after authentication.
  virtual void open() = 0;
  /// The TLS handshake, with the server's certificate verified for the account's domain. Blocks.
  /// @result whether it succeeded
  virtual bool start_tls() = 0;
  virtual void write(std::string_view xml) = 0;
  /// Send the closing tag; on_closed() comes when the server has sent its own, or after a while.
  virtual void close() = 0;
};

/// What a Stream tells. Must not throw.
class StreamListener {
 public:
  virtual ~StreamListener() = default;
  virtual void on_connected() = 0;               ///< TCP is up
  virtual void on_opened() = 0;                  ///< the server has opened its stream
  virtual void on_element(Element element) = 0;  ///< a child of the stream
  virtual void on_closed() = 0;                  ///< nothing comes any more
};

}  // namespace wechaty::puppet_xmpp
