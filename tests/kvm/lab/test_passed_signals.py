from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvm.lab.passed_signals import HELD, exit_code, hold
from tests.kvm.lab.inside import ROOT


@pytest.mark.unit
@given(st.integers(0, 255))
def test_an_exit_status_is_the_code(status: int) -> None:
    assert exit_code(status << 8) == status


@pytest.mark.unit
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_a_signal_is_128_and_its_number(number: signal.Signals) -> None:
    assert exit_code(int(number)) == 128 + number
    core_dumped = 0x80
    assert exit_code(number | core_dumped) == 128 + number


@pytest.mark.unit
def test_holding_blocks_them_and_answers_what_was() -> None:
    before = hold()
    try:
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) >= HELD
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before


WAITING = """
import os, sys
from kvm.lab import passed_signals
passed_signals.hold()
child = os.posix_spawnp("sh", ["sh", "-c", sys.argv[1]], os.environ, setsigmask=())
sys.exit(passed_signals.exit_code(passed_signals.wait_for(child)))
"""


def waiting_for(command: str) -> subprocess.Popen[str]:
    # A shell can't trap what was ignored when it started, as SIGHUP is of whom `nohup` runs.
    program = ("env", "--default-signal", sys.executable, "-c", WAITING, command)
    return subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.protocol
def test_the_child_s_end_is_awaited_over_those_of_others() -> None:
    # An orphan of the child comes to whoever waits only if that is an init; a child of its own
    # that ends earlier is reaped and is not what is answered.
    code = WAITING.replace("child =", 'os.posix_spawnp("true", ["true"], os.environ)\nchild =')
    done = subprocess.run(
        (sys.executable, "-c", code, "sleep 0.1; exit 5"), cwd=ROOT, timeout=60, check=False
    )
    assert done.returncode == 5


@pytest.mark.protocol
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2])
def test_a_signal_is_handed_on(number: signal.Signals) -> None:
    name = number.name.removeprefix("SIG")
    with waiting_for(f"trap 'exit 9' {name}; echo ready; while :; do sleep 0.05; done") as waiting:
        assert waiting.stdout is not None
        assert waiting.stdout.readline() == "ready\n"
        os.kill(waiting.pid, number)
        assert waiting.wait(60) == 9
