"""What the agent writes the daemon's validator reads, and the other way round."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from provisioner.agent.errors import DaemonUnreachable
from provisioner.agent.messages import (
    Failed,
    HardwareReport,
    Install,
    Order,
    Progress,
    Reboot,
    Wait,
    Written,
)
from provisioner.agent.wire import decode_order, decode_server_time, encode

pytestmark = pytest.mark.unit

ORDERS: TypeAdapter[Order] = TypeAdapter(Order)
numbers = st.floats(0, 1e6, allow_nan=False)


@given(st.one_of(st.builds(Wait, retry_after=numbers), st.builds(Reboot), st.builds(Install)))
def test_the_agent_reads_what_the_daemon_writes(order: Order) -> None:
    assert decode_order(ORDERS.dump_json(order)) == order


@given(
    st.one_of(
        st.builds(HardwareReport, clock_offset=numbers),
        st.builds(Progress),
        st.builds(Written),
        st.builds(Failed),
    )
)
def test_the_daemon_reads_what_the_agent_writes(
    message: HardwareReport | Progress | Written | Failed,
) -> None:
    assert TypeAdapter(type(message)).validate_json(encode(message)) == message


def test_a_newer_daemon_may_say_more() -> None:
    body = json.dumps({"kind": "reboot", "reason": "x", "mood": "good"}).encode()
    assert decode_order(body) == Reboot("x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"kind": "dance", "reason": "x"}',
        b'{"kind": "wait"}',
        b'{"kind": "wait", "reason": "x", "retry_after": "soon"}',
        b'{"kind": "wait", "reason": "x", "retry_after": true}',
        b'{"kind": "reboot", "reason": 7}',
        b'{"kind": "install", "order": "o"}',
    ],
)
def test_anything_else_is_not_an_order(body: bytes) -> None:
    with pytest.raises(DaemonUnreachable, match="not an order"):
        decode_order(body)


@given(st.binary())
def test_no_bytes_are_a_traceback(body: bytes) -> None:
    with pytest.raises(DaemonUnreachable):
        decode_order(body)


def test_the_servers_time() -> None:
    assert decode_server_time(b'{"server_time": 1700000000.25}') == 1700000000.25
    assert decode_server_time(b'{"server_time": "noon"}') is None
    assert decode_server_time(b"not json") is None
