from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.protocol.dhcp.link import NetbootAnswer
from provisioner.protocol.dhcp.proxy import offered
from provisioner.protocol.dhcp.proxy_narration import told
from tests.provisioner.protocol.dhcp.samples import DISCOVER, NETBOOTS, SERVER, message

pytestmark = pytest.mark.unit


def test_of_what_has_no_ethernet_address_nothing_is_told() -> None:
    """What else is told is in test_proxy.py, beside the answers it tells of."""
    asked = replace(message(DISCOVER, options=NETBOOTS), htype=6)
    decision = offered(asked, SERVER, NetbootAnswer("http://10.7.0.1"))
    assert list(told(asked, decision)) == []
