#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks of the public headers. usage: check_headers.py CHECK SOURCE_DIR COMPILER

  weight       <wechaty/puppet.hpp> drags in none of the heavy headers
  service      <wechaty/puppet_service.hpp> neither, and nothing of gRPC and Protobuf
  stand_alone  every public header compiles by itself
  direction    includes point downwards or sideways inside a part

CHECK with _control at its end runs the same check on something wrong, which it must catch.
"""
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

HEAVY = ("nlohmann/json.hpp", "spdlog/", "fmt/", "/magic.h", "/regex", "/iostream", "/fstream",
         "/filesystem", "grpc/", "grpcpp/", "google/protobuf/", "absl/", ".pb.h", "curl/")

# From bottom to top; a file may include its own layer and those below it.
LAYERS = [
    ("base", r"puppet/(error|version|capability)\.hpp"),
    ("values", r"puppet/(schemas|query|file_box|memory)(/|\.hpp)"
               r"|puppet/events/(?!emitter|event_loop|executor|subscription)"),
    ("executor", r"puppet/events/(executor|event_loop)\.hpp|puppet/options(_json)?\.hpp"),
    ("engine", r"puppet/(engine|cache|agents)/|puppet/events/(emitter|subscription)\.hpp"),
    ("mixins", r"puppet/mixins/"),
    ("puppet", r"puppet/puppet\.hpp"),
    ("umbrella", r"puppet\.hpp"),
]
COMPONENT = re.compile(r"puppet_(\w+?)[/.]")


def compile_header(compiler, include, text, *flags):
    return subprocess.run([compiler, "-std=c++20", "-x", "c++", "-I", str(include), *flags, "-"],
                          input=text, capture_output=True, text=True)


def weight_of(header, heavy, source, compiler, control):
    more = f"#include <{heavy}>\n" if control else ""
    result = compile_header(compiler, source / "include", f"{more}#include <wechaty/{header}>\n",
                            "-M")
    if result.returncode != 0:
        return [] if control else [result.stderr]
    found = re.findall(r"\S+", result.stdout.replace("\\\n", " "))
    return [f"<wechaty/{header}> drags in {path}" for path in found
            if any(h in path if h.endswith("/") else path.endswith(h) for h in HEAVY)]


def weight(source, compiler, control):
    return weight_of("puppet.hpp", "iostream", source, compiler, control)


def service(source, compiler, control):
    return weight_of("puppet_service.hpp", "grpcpp/grpcpp.h", source, compiler, control)


def stand_alone(source, compiler, control):
    headers = sorted((source / "include").rglob("*.hpp"))
    if control:
        folder = tempfile.TemporaryDirectory()
        bad = pathlib.Path(folder.name) / "bad.hpp"
        bad.write_text("#pragma once\ninline std::string name() { return {}; }\n")
        headers = [bad]

    def check(header):
        result = compile_header(compiler, source / "include", f'#include "{header}"\n',
                                "-fsyntax-only", "-Wall", "-Wextra", "-Werror")
        return f"{header.name}: {result.stderr[:500]}" if result.returncode else None

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return [problem for problem in pool.map(check, headers) if problem]


def layer_of(path):
    for number, (_, pattern) in enumerate(LAYERS):
        if re.match(pattern, path):
            return number
    return None


def problem_with(path, included):
    """What is wrong when the header `path` includes `included`; both below wechaty/."""
    component, other = COMPONENT.match(path), COMPONENT.match(included)
    if component:
        if other and other.group(1) != component.group(1):
            return f"{path} of component {component.group(1)} includes {included} of another"
        return None
    if other:
        return f"{path} of the core includes {included} of a component"
    mine, theirs = layer_of(path), layer_of(included)
    if mine is None or theirs is None:
        return f"no layer is known for {path if mine is None else included}"
    if theirs > mine:
        return f"{path} ({LAYERS[mine][0]}) includes {included} ({LAYERS[theirs][0]}) above it"
    return None


def direction(source, _compiler, control):
    if control:
        wrong = [("puppet/schemas/contact.hpp", "puppet/mixins/contact_mixin.hpp"),
                 ("puppet/engine/strand.hpp", "puppet_mock/world.hpp"),
                 ("puppet_mock/world.hpp", "puppet_storage/open.hpp")]
        return [p for p in (problem_with(*pair) for pair in wrong) if p] \
            if all(problem_with(*pair) for pair in wrong) else []
    root = source / "include" / "wechaty"
    problems = []
    for header in sorted(root.rglob("*.hpp")):
        path = str(header.relative_to(root))
        for included in re.findall(r'#include "wechaty/([^"]+)"', header.read_text()):
            problem = problem_with(path, included)
            if problem:
                problems.append(problem)
    return problems


def main():
    check, source, compiler = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    control = check.endswith("_control")
    problems = {"weight": weight, "service": service, "stand_alone": stand_alone,
                "direction": direction}[check.removesuffix("_control")](source, compiler, control)
    print("\n".join(problems) or "nothing wrong")
    sys.exit(bool(problems) != control)


main()
