// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "puppet_service/client/line.hpp"
#include "wechaty/puppet/events/executor.hpp"
#include "wechaty/puppet/file_box/file_box.hpp"
#include "wechaty/puppet/schemas.hpp"

namespace wechaty::puppet_service {

/// Files to and from a server. Contents are streamed: at most a few chunks are in memory, however
/// large they are. Resolves the UUID boxes that come from this server.
///
/// Thread: any. Everything blocks for the network.
class Files final : public puppet::FileBoxResolver, public std::enable_shared_from_this<Files> {
 public:
  Files(std::shared_ptr<Line> line, std::shared_ptr<puppet::Executor> executor)
      : line_{std::move(line)}, executor_{std::move(executor)} {}

  /// The JSON text that stands for a box in a request; its content is uploaded first where it does
  /// not fit in.
  [[nodiscard]] std::string text_of(const puppet::FileBox& box);
  /// The box in an answer. One without a telling extension is named by the first bytes of its
  /// content (contract R5). @param field  names the field in errors
  [[nodiscard]] puppet::FileBox box_of(std::string_view text, std::string_view field);

  [[nodiscard]] puppet::FileBox message_file(std::string_view message_id);
  [[nodiscard]] puppet::FileBox message_image(std::string_view message_id, puppet::ImageType type);
  /// @result the id of the message
  [[nodiscard]] std::string send(std::string_view conversation_id, const puppet::FileBox& file);

  // FileBoxResolver: Download and Upload.
  std::unique_ptr<puppet::ByteSource> load_uuid(const std::string& uuid) override;
  std::string save_uuid(puppet::ByteSource& content) override;

 private:
  template <class Request, class Response>
  std::string ask(std::string_view what, Line::Method<Request, Response> method,
                  const Request& request);
  template <class Request, class Response, class Open>
  puppet::FileBox stream(std::string_view what, const Request& request, Open open);
  std::string send_stream(std::string_view conversation_id, const puppet::FileBox& file);

  const std::shared_ptr<Line> line_;
  const std::shared_ptr<puppet::Executor> executor_;
};

}  // namespace wechaty::puppet_service
