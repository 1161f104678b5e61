#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the documentation. usage: check_docs.py CHECK SOURCE_DIR

  quotes  a block after `<!-- quote: FILE [NAME] -->` is what stands between `// [NAME]` and
          `// [/NAME]` in FILE (with # instead of // where that begins a comment)
  links   a relative link leads to a file

CHECK with _control at its end runs the same check on something wrong, which it must catch.
"""
import pathlib
import re
import sys

QUOTE = re.compile(r"<!-- quote: (\S+) \[(\w+)\] -->\n```\w*\n(.*?)```", re.S)


def marked(text, name):
    found = re.search(rf"(?://|#) \[{name}\]\n(.*?)\s*(?://|#) \[/{name}\]", text, re.S)
    return found.group(1) + "\n" if found else None


def quotes(root, pages, control):
    problems, seen = [], 0
    for page, text in pages:
        for file, name, quoted in QUOTE.findall(text):
            seen += 1
            source = (root / file).read_text()
            if control:
                source = source.replace("override", "overridden")
            if marked(source, name) != quoted:
                problems.append(f"{page}: the quote of [{name}] is not what {file} says")
    return problems if seen else ["no quotes were found at all"] if not control else []


def links(root, pages, control):
    problems = []
    for page, text in pages:
        if control:
            text += "\n[nowhere](no/such/page.md)\n"
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            if not (root / page).parent.joinpath(target).exists():
                problems.append(f"{page}: there is no {target}")
    return problems


def main():
    check, root = sys.argv[1], pathlib.Path(sys.argv[2])
    control = check.endswith("_control")
    files = [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]
    pages = [(str(file.relative_to(root)), file.read_text()) for file in files]
    problems = {"quotes": quotes, "links": links}[check.removesuffix("_control")](
        root, pages, control)
    print("\n".join(problems) or "nothing wrong")
    sys.exit(bool(problems) != control)


main()
