#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does what "From nothing to a bot" in docs/service.md says, word for word but for the port.

usage: run_service_page.py PAGE GATEWAY FOLDER_WITH_NODE_MODULES
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

page = pathlib.Path(sys.argv[1]).read_text()
gateway, packages = sys.argv[2], pathlib.Path(sys.argv[3])


def block(language, containing):
    """The one code block in this language with this in it, without its indentation."""
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", page, re.M | re.S)
    [(indent, text)] = [one for one in blocks if containing in one[1]]
    return re.sub(f"^{indent}", "", text, flags=re.M)


def wait_for(process, text, seen):
    """Read its lines until one has the text in it. @result that line"""
    for line in process.stdout:
        seen.append(line)
        if text in line:
            return line
    raise SystemExit(f"no “{text}” in:\n{''.join(seen)}")


with tempfile.TemporaryDirectory() as home:
    folder = pathlib.Path(home)
    (folder / "world.json").write_text(block("json", '"script"'))
    (folder / "bot.mjs").write_text(block("js", "WechatyBuilder"))
    (folder / "node_modules").symlink_to(packages / "node_modules")
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("WECHATY_", "XDG_"))} | {
        "HOME": home, "PATH": f"{pathlib.Path(gateway).parent}:{os.environ['PATH']}"}
    processes = []

    def run(command):
        process = subprocess.Popen(["bash", "-ec", command], cwd=home, env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   start_new_session=True)
        processes.append(process)
        return process

    def stop():
        for process in reversed(processes):
            try:
                os.killpg(process.pid, 15)
            except ProcessLookupError:
                pass

    limit = threading.Timer(120, stop)
    limit.start()
    try:
        assert run(block("sh", ">token")).wait() == 0
        serving = run(block("sh", "--world world.json --listen").replace("127.0.0.1:8788",
                                                                         "127.0.0.1:0"))
        seen = []
        endpoint = wait_for(serving, "listening on", seen).split()[-1]
        bot = run(block("sh", "node bot.mjs").replace("127.0.0.1:8788", endpoint))
        for line in ("login Bot", "message ding", "message dong"):
            wait_for(bot, line, seen)
    finally:
        stop()
        for process in processes:
            process.wait()
        limit.cancel()
print("the page leads to a bot that answers")
