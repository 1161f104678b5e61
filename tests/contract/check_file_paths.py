#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that r5_every_path_test.cpp walks every function of a puppet that takes or gives a file.

usage: check_file_paths.py [--control] SOURCE_DIR

Functions are those of include/wechaty/puppet/mixins and puppet.hpp that have a FileBox, or a type
with a FileBox in it, in their declaration; hooks (do_...) are reached through them. With --control a
function is added that nobody walks, which must be noticed.
"""
import pathlib
import re
import sys

TABLE = re.compile(r"// \[file paths\]\n(.*?)// \[/file paths\]", re.S)


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def carriers(headers):
    """FileBox, and the structs that have one somewhere among their members."""
    structs = {}
    for text in headers:
        for name, body in re.findall(r"\bstruct (\w+) \{(.*?)\n\};", text, re.S):
            structs[name] = body
    found = {"FileBox"}
    while True:
        more = {name for name, body in structs.items() if name not in found
                and any(re.search(rf"\b{type_}\b", body) for type_ in found)}
        if not more:
            return found
        found |= more


def functions(text, types):
    """Names of the functions declared in class bodies whose declaration mentions one of the types."""
    for declaration in re.split(r"[;{}]|\b(?:public|protected|private):", text):
        declaration = " ".join(declaration.split())
        if not any(re.search(rf"\b{type_}\b", declaration) for type_ in types):
            continue
        called = re.search(r"(\w+)\s*\(", declaration)
        if called and not called.group(1).startswith("do_") and " using " not in declaration:
            yield called.group(1)


def main():
    control = "--control" in sys.argv
    root = pathlib.Path(sys.argv[-1])
    include = root / "include/wechaty/puppet"
    types = carriers([without_comments(path.read_text())
                      for path in sorted((include / "schemas").glob("*.hpp"))])
    declared = {}
    for path in [*sorted((include / "mixins").glob("*.hpp")), include / "puppet.hpp"]:
        # What is private is behind the functions that are not.
        for part in re.split(r"\n(?=class )", without_comments(path.read_text())):
            for name in functions(re.split(r"\n private:", part)[0], types):
                declared.setdefault(name, path.name)
    if control:
        declared |= dict.fromkeys(functions("FileBox moment_cover(std::string_view id);", types),
                                  "moment_mixin.hpp")
    test = (root / "tests/contract/r5_every_path_test.cpp").read_text()
    walked = set(re.findall(r'\{"(\w+)"', TABLE.search(test).group(1)))
    problems = [f"{path}: {name}() takes or gives a file and is not in the table of "
                "r5_every_path_test.cpp" for name, path in declared.items() if name not in walked]
    problems += [f"{name}() is in the table and in no header" for name in walked - set(declared)]
    if not {"message_send_file", "post_publish", "receive"} <= set(declared):
        problems.append("the headers are not understood any more")
    print("\n".join(problems) or f"{len(declared)} functions, carriers: {sorted(types)}")
    sys.exit(bool(problems) != control)


main()
