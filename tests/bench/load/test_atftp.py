"""What atftp is told."""

from __future__ import annotations

from ipaddress import IPv4Address

import pytest

from bench.load.atftp import command

pytestmark = pytest.mark.unit


def test_it_asks_for_block_and_window() -> None:
    words = command(IPv4Address("10.16.0.1"), "file", "/dev/null", 1408, 16)
    assert words == (
        *("atftp", "--option", "blksize 1408", "--option", "windowsize 16"),
        *("--get", "--remote-file", "file", "--local-file", "/dev/null", "10.16.0.1"),
    )
