"""The words of a failed step: the command, its status, the end of what it printed."""

from __future__ import annotations

import pytest

from inventory.errors import OperatorError, PeerError
from provisioner.images.errors import StepFailed, UnusableBinaries

pytestmark = pytest.mark.unit


def test_a_failed_step_says_what_was_run_and_what_it_said() -> None:
    failed = StepFailed(["apt-get", "update"], 100, "E: no network")
    assert str(failed) == "apt-get update ended with 100:\nE: no network"
    assert (failed.command, failed.status) == (("apt-get", "update"), 100)
    assert isinstance(failed, PeerError)


def test_a_step_that_said_nothing_ends_its_words_cleanly() -> None:
    assert str(StepFailed(["sgdisk"], 2, "")) == "sgdisk ended with 2:"


def test_unusable_binaries_are_the_operators_to_mend() -> None:
    assert issubclass(UnusableBinaries, OperatorError)
