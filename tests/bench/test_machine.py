"""What is told of a machine."""

from __future__ import annotations

import pytest

from bench.machine import cpu_model, described, memory_gib

pytestmark = pytest.mark.unit


def test_its_processor_is_named() -> None:
    assert cpu_model("processor\t: 0\nmodel name\t: AMD EPYC\nflags\t: fpu\n") == "AMD EPYC"


def test_its_memory_is_told() -> None:
    assert memory_gib("MemTotal:       24684120 kB\nMemFree:  1 kB\n") == 23.5
    assert memory_gib("") == 0.0


def test_all_of_it_is_told_of_this_one() -> None:
    told = described(0.0015, {"nginx-light": "1.22.1"})
    assert told["fdatasync_ms"] == 1.5
    packages = told["packages"]
    assert isinstance(packages, dict)
    assert {"dnsmasq-base", "kea-admin", "wrk", "nginx-light"} <= packages.keys()
