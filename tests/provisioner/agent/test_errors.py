"""What the agent's errors carry."""

from __future__ import annotations

import pytest

from provisioner.agent.errors import AgentError, DaemonRefused, InstallFailed

pytestmark = pytest.mark.unit


def test_a_refusal_has_its_status() -> None:
    refusal = DaemonRefused(410, "GET /ignition/t: gone")
    assert (refusal.status, str(refusal)) == (410, "410 GET /ignition/t: gone")


def test_a_failure_has_its_evidence() -> None:
    failure = InstallFailed("the disk is not blank", "it holds swap space")
    assert isinstance(failure, AgentError)
    assert (failure.reason, failure.evidence) == ("the disk is not blank", ("it holds swap space",))
