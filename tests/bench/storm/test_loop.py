"""Sockets and timers in one thread."""

from __future__ import annotations

import socket

import pytest

from bench.storm.loop import Loop

pytestmark = pytest.mark.protocol


def test_timers_come_in_their_order_unless_cancelled() -> None:
    loop, done = Loop(), list[str]()
    loop.after(0.02, lambda: done.append("second"))
    loop.after(0.01, lambda: done.append("first"))
    loop.after(0.015, lambda: done.append("never")).cancel()
    loop.run(lambda: len(done) == 2)
    assert done == ["first", "second"]


def test_a_socket_is_attended_to_until_it_is_forgotten() -> None:
    loop, heard = Loop(), list[bytes]()
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)

    def hear() -> None:
        heard.append(near.recv(10))
        if heard[-1] == b"last":
            loop.forget(near)

    with far:
        loop.when_readable(near, hear)
        far.send(b"first")
        far.send(b"last")
        loop.run(lambda: near.fileno() < 0)
    assert heard == [b"first", b"last"]
