"""The chain person → init → command, with real namespaces and signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kvm.lab.inside import (
    ENTERING,
    ROOT,
    answer,
    left_of,
    namespaces,
    processes_in,
    python_inside,
    run_inside,
    started_inside,
)

pytestmark = pytest.mark.protocol

COUNTING = """
import json, os, signal
counts = {}
def count(number, frame):
    name = signal.Signals(number).name
    counts[name] = counts.get(name, 0) + 1
    print(json.dumps(counts), flush=True)
for number in (signal.SIGINT, signal.SIGHUP, signal.SIGUSR1):
    signal.signal(number, count)
signal.signal(signal.SIGTERM, lambda *_: os._exit(7))
print(json.dumps({"pid": os.environ["HARMONY_LAB_PID"]}), flush=True)
while True:
    signal.pause()
"""


@pytest.mark.parametrize(
    "command, status",
    [("exit 0", 0), ("exit 3", 3), ("kill -KILL $$", 128 + signal.SIGKILL)],
)
def test_the_status_is_the_commands_own(command: str, status: int) -> None:
    done = run_inside("sh", "-c", command)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


def test_a_command_that_is_not_there() -> None:
    done = run_inside("no-such-command")
    assert done.returncode == 1
    assert done.stderr.startswith("the lab can't be entered: ")
    assert "No such file" in done.stderr


def test_what_the_command_finds() -> None:
    code = """
import json, os, sys
option, number = sys.argv[-2:]
print(json.dumps({
    "pid 1 is mine": os.getppid() == 1,
    "arguments": [sys.argv[1], option],
    "outside": os.readlink(f"/proc/self/fd/{number}"),
    "inside": [os.readlink(f"/proc/self/ns/{kind}") for kind in ("pid", "net", "mnt")],
}))
"""
    found = python_inside(code, "SITE.py")
    assert found["pid 1 is mine"] is True
    assert found["arguments"] == ["SITE.py", "--network-fd"]
    assert found["outside"] == str(Path("/proc/self/ns/net").readlink())
    assert not set(found["inside"]) & namespaces(os.getpid())


def test_signals_sent_with_kill_reach_the_command() -> None:
    with started_inside(sys.executable, "-c", COUNTING) as entering:
        answer(entering)
        entering.send_signal(signal.SIGHUP)
        assert answer(entering) == {"SIGHUP": 1}
        entering.send_signal(signal.SIGUSR1)
        assert answer(entering) == {"SIGHUP": 1, "SIGUSR1": 1}
        entering.terminate()
        assert entering.wait(60) == 7


def test_ctrl_c_at_the_terminal_reaches_the_command_once() -> None:
    person, terminal = os.openpty()
    with subprocess.Popen(
        ("setsid", "--ctty", "--wait", *ENTERING, sys.executable, "-c", COUNTING),
        cwd=ROOT,
        stdin=terminal,
        stdout=subprocess.PIPE,
        text=True,
    ) as session:
        try:
            answer(session)
            os.write(person, b"\x03")
            assert answer(session) == {"SIGINT": 1}
            # The terminal's process group is what setsid started: the one that entered.
            entering = os.tcgetpgrp(person)
            os.kill(entering, signal.SIGHUP)
            # A second SIGINT would have come before this one: lower numbers are taken first.
            assert answer(session) == {"SIGINT": 1, "SIGHUP": 1}
            os.kill(entering, signal.SIGTERM)
            assert session.wait(60) == 7
        finally:
            session.kill()
            os.close(person)
            os.close(terminal)


def test_a_killed_one_leaves_no_process() -> None:
    grandchildren = "sleep 3600 & setsid sleep 3600 & echo $HARMONY_LAB_PID; wait"
    with started_inside("sh", "-c", grandchildren) as entering:
        lab = namespaces(answer(entering)) - namespaces(os.getpid())
        assert len(processes_in(lab)) >= 2
        entering.kill()
        assert entering.wait(60) == -signal.SIGKILL
        assert entering.stdout is not None
        # The pipe's end comes when the last process that holds it has ended.
        assert entering.stdout.read() == ""
    assert left_of(lab) == []


def test_only_root_may() -> None:
    code = """
import os, json
from kvm.errors import LabNeedsRoot
from kvm.lab.enter import enter
os.seteuid(65534)
try:
    enter(["true"])
except LabNeedsRoot as refused:
    print(json.dumps(str(refused)))
"""
    done = subprocess.run(
        (sys.executable, "-c", code), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "run it as root" in json.loads(done.stdout)
