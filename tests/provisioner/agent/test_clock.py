"""The time a server's answer says."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.agent.clock import date_header_seconds

pytestmark = pytest.mark.unit


@given(st.integers(0, 4_000_000_000))
def test_every_date_that_an_independent_writer_writes(seconds: int) -> None:
    assert date_header_seconds(formatdate(seconds, usegmt=True)) == seconds + 0.5


@pytest.mark.parametrize("text", ["", "now", "Sun, 06 Foo 1994 08:49:37 GMT", "a b c d e f"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert date_header_seconds(text) is None
