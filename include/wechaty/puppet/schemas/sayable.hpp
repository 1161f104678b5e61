// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/schemas/location.hpp"
#include "wechaty/puppet/schemas/message.hpp"
#include "wechaty/puppet/schemas/mini_program.hpp"
#include "wechaty/puppet/schemas/post_type.hpp"
#include "wechaty/puppet/schemas/tap.hpp"
#include "wechaty/puppet/schemas/timestamp.hpp"
#include "wechaty/puppet/schemas/url_link.hpp"

namespace wechaty::puppet {

// Posts are made of sayables, and a post can be said: hence both in one file.

struct SayablePayload;

/// How often a post was answered and tapped.
struct PostCounter {
  std::optional<std::int64_t> children;
  std::optional<std::int64_t> descendant;
  std::map<TapType, std::int64_t> taps;

  friend bool operator==(const PostCounter&, const PostCounter&) = default;
};

/// Something published to many. In *client form*, to be published: no id, a list of sayables. In
/// *server form*, received: an id, a list of the ids of messages.
///
/// Source: wechaty-puppet src/schemas/post.ts.
struct PostPayload {
  std::optional<std::string> id;
  std::variant<std::vector<SayablePayload>, std::vector<std::string>> sayable_list;
  std::optional<std::string> parent_id;  ///< missing: an original post
  std::optional<std::string> root_id;    ///< present: a reply; a repost has a parent only
  std::optional<PostType> type;
  std::optional<std::string> contact_id;  ///< server form: who published it
  std::optional<Timestamp> timestamp;     ///< server form
  std::optional<PostCounter> counter;     ///< server form

  friend bool operator==(const PostPayload& a, const PostPayload& b);
};

/// A text, with the contacts that it mentions.
struct SayableText {
  std::string text;
  std::vector<std::string> mentions;

  friend bool operator==(const SayableText&, const SayableText&) = default;
};

/// A contact card.
struct SayableContact {
  std::string contact_id;

  friend bool operator==(const SayableContact&, const SayableContact&) = default;
};

/// A file, and as what it is to be shown.
struct SayableFile {
  MessageType type = MessageType::attachment;  ///< attachment, audio, emoticon, image or video
  FileBox file;

  friend bool operator==(const SayableFile&, const SayableFile&) = default;
};

/// Everything that can be said.
///
/// Source: wechaty-puppet src/schemas/sayable.ts.
struct SayablePayload {
  std::variant<SayableText, SayableContact, SayableFile, LocationPayload, MiniProgramPayload,
               UrlLinkPayload, PostPayload>
      value;

  friend bool operator==(const SayablePayload& a, const SayablePayload& b);
};

/// Whether a post is in the form to be published: no id, at least one sayable.
[[nodiscard]] bool is_post_client(const PostPayload& post);
/// Whether a post is in the form that is received: an id, at least one message id.
[[nodiscard]] bool is_post_server(const PostPayload& post);

/// The same, with every file in it under a name that tells its MIME type (contract R5); files in
/// posts in posts too. Throws and reads as conventional() of a FileBox does.
[[nodiscard]] SayablePayload conventional(SayablePayload sayable);
[[nodiscard]] PostPayload conventional(PostPayload post);

}  // namespace wechaty::puppet
