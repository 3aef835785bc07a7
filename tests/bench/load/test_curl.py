"""What curl is told and says."""

from __future__ import annotations

import subprocess

import pytest

from bench.load.curl import Fetched, command, many, parse

pytestmark = pytest.mark.unit


def test_each_download_is_read() -> None:
    assert parse("67108864 2.500000 0\n0 0.000100 68\n") == [
        Fetched(67108864, 2.5, 0),
        Fetched(0, 0.0001, 68),
    ]
    assert Fetched(50_000_000, 2.0, 0).megabytes_a_second == 25.0


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError):
        parse("curl: (7) refused\n")


def test_many_are_that_many() -> None:
    shell = many(3, ("echo", "10 0.5 0", "it's"))
    told = subprocess.run(shell, capture_output=True, text=True, check=True).stdout
    assert told == "10 0.5 0 it's\n" * 3


def test_the_url_comes_last() -> None:
    words = command("tftp://10.16.0.1/file", "--tftp-blksize", "1408")
    assert words[:3] == ("curl", "--silent", "--output")
    assert words[-3:] == ("--tftp-blksize", "1408", "tftp://10.16.0.1/file")
