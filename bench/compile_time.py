#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What <wechaty/puppet.hpp> costs a translation unit, beside the standard headers it includes.

usage: compile_time.py SOURCE_DIR COMPILER [--at-most RATIO]
Compares CPU seconds, alternating, the least of nine, as others on the machine only ever add to them;
exits with 1 when the ratio is larger.
"""
import pathlib
import re
import resource
import subprocess
import sys


def cpu_seconds(compiler, include, text):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([compiler, "-std=c++20", "-x", "c++", "-I", str(include), "-c", "-o",
                    "/dev/null", "-"], input=text, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    include, compiler = pathlib.Path(sys.argv[1]) / "include", sys.argv[2]
    at_most = float(sys.argv[4]) if len(sys.argv) > 4 else None
    puppet = "#include <wechaty/puppet.hpp>\n"
    used = subprocess.run([compiler, "-std=c++20", "-x", "c++", "-I", str(include), "-MM", "-"],
                          input=puppet, text=True, capture_output=True, check=True).stdout
    standard = set()
    for header in re.findall(r"\S+\.hpp", used):
        standard.update(re.findall(r"#include (<[a-z_]+>)", pathlib.Path(header).read_text()))
    baseline = "".join(f"#include {header}\n" for header in sorted(standard))
    pairs = [(cpu_seconds(compiler, include, puppet), cpu_seconds(compiler, include, baseline))
             for _ in range(9)]
    ours, theirs = (min(column) for column in zip(*pairs))
    print(f"<wechaty/puppet.hpp> {ours:.2f} s, its {len(standard)} standard headers {theirs:.2f} s, "
          f"ratio {ours / theirs:.2f}")
    sys.exit(at_most is not None and ours / theirs > at_most)


main()
