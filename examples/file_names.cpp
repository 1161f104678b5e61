// SPDX-License-Identifier: Apache-2.0
// How files get names that tell their MIME type.
#include <iostream>
#include <string>
#include <wechaty/puppet.hpp>
#include <wechaty/puppet/file_box/naming.hpp>

using namespace wechaty::puppet;

namespace {

void show(const FileBox& file) { std::cout << file.name() << '\n'; }

// [names]
void show_names() {
  // The content says what it is.
  const std::string picture = "\x89PNG\r\n\x1a\n and what follows";
  show(conventional(FileBox::from_buffer(picture, "holiday")));  // holiday.png
  show(conventional(FileBox::from_buffer(picture, "a.mp3")));    // a.png

  // The extension knows more than the content.
  show(conventional(FileBox::from_buffer("a,b\n1,2\n", "list.txt")));  // list.txt

  // Somebody declared a type.
  show(conventional(FileBox::from_url("https://example.com/a"), "image/jpg; q=1"));  // a.jpg

  // Names of strangers are no paths.
  show(FileBox::from_buffer("secret", "..\\..%2fetc/passwd\n"));  // passwd
}
// [/names]

}  // namespace

int main() { show_names(); }
