from __future__ import annotations

import asyncio

import pytest

from harmony.domain.attempt import attempt
from harmony.domain.outcome import Outcome
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError, PeerError, ProvisionerBug

pytestmark = pytest.mark.unit


def attempted(raised: Exception) -> Outcome:
    async def one_pass() -> Outcome:
        raise raised

    return asyncio.run(attempt(one_pass))


def test_what_a_pass_says_is_said() -> None:
    async def one_pass() -> Outcome:
        return Outcome.done("there")

    assert asyncio.run(attempt(one_pass)) == Outcome.done("there")


def test_a_peers_error_is_tried_again() -> None:
    assert attempted(PeerError("connection refused")) == Outcome.running(
        "connection refused; trying again"
    )


def test_an_operators_error_is_final() -> None:
    found = (Diagnostic("HP0301", "two answers"), Diagnostic("HP0302", "two systems"))
    assert attempted(OperatorError("refused", found)) == Outcome.failure(
        "refused", ("two answers", "two systems"), found[0]
    )
    assert attempted(OperatorError("no such image")) == Outcome.failure("no such image")


@pytest.mark.parametrize("bug", [ProvisionerBug("impossible"), ZeroDivisionError("impossible")])
def test_a_bug_is_final_and_has_its_traceback(bug: Exception) -> None:
    failed = attempted(bug)
    name = type(bug).__name__
    assert failed.message == f"a bug of this product: {name}: impossible"
    assert failed.traceback.startswith("Traceback")
    assert "test_attempt.py" in failed.traceback
    assert failed.traceback.endswith(f"{name}: impossible\n")
    assert not failed.status.good
