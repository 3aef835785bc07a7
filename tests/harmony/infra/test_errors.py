from __future__ import annotations

import pytest

from harmony.infra.errors import ServiceRefusedError, ServiceUnreachableError
from inventory.errors import PeerError

pytestmark = pytest.mark.unit


def test_a_refusal_knows_its_status() -> None:
    assert (str(ServiceRefusedError("no", 403)), ServiceRefusedError("no", 403).status) == (
        "no",
        403,
    )
    assert ServiceRefusedError("no").status == 0


def test_what_maestro_asks_again_is_a_peers_error() -> None:
    assert issubclass(ServiceUnreachableError, PeerError)
    assert issubclass(ServiceRefusedError, PeerError)
