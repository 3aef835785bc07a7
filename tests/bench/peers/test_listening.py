"""Sockets as the kernel lists them."""

from __future__ import annotations

import pytest

from bench.peers.listening import is_bound

pytestmark = pytest.mark.unit

UDP = """\
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref
  101: 0100100A:0045 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 9 2 0 0
"""


def test_a_bound_port_is_found() -> None:
    assert is_bound(UDP, 69)
    assert not is_bound(UDP, 67)
    assert not is_bound("", 69)
