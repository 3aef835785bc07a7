from __future__ import annotations

import pytest

from inventory.diagnostic import Diagnostic
from inventory.errors import HarmonyError, OperatorError, PeerError, ProvisionerBug

pytestmark = pytest.mark.unit


def test_an_operators_error_carries_what_to_mend() -> None:
    finding = Diagnostic("HP0001", "m")
    error = OperatorError("no", (finding,))
    assert (str(error), error.diagnostics) == ("no", (finding,))


def test_blame_is_in_the_type() -> None:
    for kind in (OperatorError, PeerError, ProvisionerBug):
        assert issubclass(kind, HarmonyError)
