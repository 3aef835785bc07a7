"""Nobody who sends without end keeps the event loop for himself.

What asyncio's `sock_recv` and its kin find ready they return at once, without a turn of the other tasks, and
without one no time-out comes either.
"""

from __future__ import annotations

import ast

import pytest

from tests.structure.tree import sources, text_of

pytestmark = pytest.mark.unit

FROM_OURSELVES = {"provisioner/serve/tftp_sender.py"}  # its worker says little
RECEIVES = {"sock_recv", "sock_recv_into", "sock_recvfrom", "sock_recvfrom_into", "sock_accept"}


def names_called(node: ast.AST) -> set[str]:
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return {call.attr for call in calls if isinstance(call, ast.Attribute)}


def keeps_the_loop(loop: ast.While) -> bool:
    called = names_called(loop)
    return bool(called & RECEIVES) and "sleep" not in called


def test_every_endless_receiver_gives_the_others_their_turn() -> None:
    kept = [
        f"{path}:{loop.lineno}"
        for path in sources()
        if path.parts[:2] == ("provisioner", "serve") and str(path) not in FROM_OURSELVES
        for loop in ast.walk(ast.parse(text_of(path)))
        if isinstance(loop, ast.While) and keeps_the_loop(loop)
    ]
    assert kept == []
