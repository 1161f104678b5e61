// SPDX-License-Identifier: Apache-2.0
// The puppet of the tutorial under the rules R1 to R9.
#include "contract/faulty.hpp"
#include "contract/subject.hpp"
#include "puppet_board.hpp"

namespace wechaty::puppet::test {

namespace {

// [subject]
class BoardSubject final : public Subject {
 public:
  BoardSubject() {
    board_->set_picture("alice", FileBox::from_buffer("\x89PNG\r\n\x1a\n", "alice.png"));
    board_->set_phone("bot");
  }
  std::unique_ptr<Puppet> make(PuppetOptions options) override {
    return std::make_unique<Faulty<PuppetBoard>>(faults_, board_, std::move(options));
  }
  std::string cannot(const std::string& test) override {
    return test == "AProcessKilledRightAfterLoginLogsInAgainWithoutAScan"
               ? "the board is in the process that dies"
               : "";
  }
  std::string self_id() override { return "bot"; }
  std::string contact_id() override { return "alice"; }
  std::string room_id() override { return "lobby"; }

  std::string peer_says(const std::string& text) override {
    return board_->pin({.id = {}, .from = "alice", .to = "bot", .text = text});
  }
  std::string self_says_elsewhere(const std::string& text) override {
    return board_->pin({.id = {}, .from = "bot", .to = "alice", .text = text});
  }
  std::string peer_sends(const FileBox& file) override {
    return board_->pin({.id = {}, .from = "alice", .to = "bot", .text = {}, .file = file});
  }
  void peer_renames(const std::string& name) override { board_->rename("alice", name); }
  void peer_shows(const FileBox& avatar) override { board_->set_picture("alice", avatar); }
  bool is_online() override { return board_->is_online("bot"); }
  void kick(Puppet&, const std::string& reason) override {
    board_->set_phone("");
    board_->throw_out("bot", reason);
  }
  bool needs_scan() override { return true; }
  // [/subject]
  void accept(Puppet& puppet) override {
    board_->set_phone("bot");
    dynamic_cast<PuppetBoard&>(puppet).show_code();
  }

  // [faults]
  void fail_next(const std::string& hook, int times) override {
    for (int i = 0; i < times; ++i) faults_->add({.hook = hook, .kind = Faults::Kind::fail});
  }
  void delay_next(const std::string& hook, std::chrono::milliseconds delay) override {
    faults_->add({.hook = hook, .kind = Faults::Kind::delay, .delay = delay});
  }
  // [/faults]
  void no_id_next(const std::string& hook) override {
    faults_->add({.hook = hook, .kind = Faults::Kind::no_id});
  }
  void echo_next(const std::string& hook, Echo echo, bool bare) override {
    faults_->add_echo(hook, echo, bare);
  }
  bool is_fault_pending() override { return faults_->any(); }
  void wait_for_echoes() override {}  // they are before the next flush on the same executor
  void forget_message(const std::string& id) override { faults_->forget_message(id); }

 private:
  const std::shared_ptr<Faults> faults_ = std::make_shared<Faults>();
  const std::shared_ptr<Board> board_ = std::make_shared<Board>(
      std::map<std::string, Board::Person>{
          {"bot", {"Bot"}}, {"alice", {"Alice"}}, {"carol", {"Carol"}}},
      std::map<std::string, Board::Room>{{"lobby", {"Lobby", {"alice", "bot"}}}});
};

}  // namespace

// [kinds]
std::vector<SubjectKind> subject_kinds() {
  return {{"Board", [] { return std::make_unique<BoardSubject>(); }}};
}
// [/kinds]

}  // namespace wechaty::puppet::test
