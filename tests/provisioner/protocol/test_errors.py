from __future__ import annotations

import pytest

from inventory.errors import PeerError
from provisioner.protocol.errors import MalformedHttpRequest

pytestmark = pytest.mark.unit


def test_a_malformed_request_says_what_its_client_is_told() -> None:
    error = MalformedHttpRequest(431, "too many fields")
    assert (error.status, str(error)) == (431, "too many fields")
    assert isinstance(error, PeerError)
