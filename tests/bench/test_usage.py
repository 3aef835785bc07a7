"""What processes use."""

from __future__ import annotations

import os
import subprocess

import pytest

from bench.usage import cpu_seconds, family, memory, watching

pytestmark = pytest.mark.protocol


def test_a_process_is_counted_with_its_descendants() -> None:
    shell = ("sh", "-c", "(echo started; exec cat); true")
    with subprocess.Popen(shell, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"started\n"
        assert child.pid in family([os.getpid()])
        assert len(family([child.pid])) == 2
        child.communicate()


def test_memory_is_seen_at_its_peak() -> None:
    with watching([os.getpid()]) as usage:
        much = bytearray(50_000_000)
    assert usage.peak - usage.before > 0.9 * len(much)
    assert usage.peak_rss >= usage.peak
    assert usage.cpu_seconds >= 0


def test_one_that_has_ended_uses_nothing() -> None:
    with subprocess.Popen(("true",)) as child:
        child.wait()
    assert (memory(child.pid, "Pss"), cpu_seconds(child.pid)) == (0, 0.0)
