from __future__ import annotations

import pytest

from tests.inventory.written import brief, told

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("forwarders", "label"),
    [
        ("['192.0.2.53', '10.7.0.53', '127.0.0.53']", ""),
        ("[]", ""),
        ("['dns.example']", "HP0014 {} | not an address"),
        ("['2001:db8::53']", "HP0014 {} | not an address"),
        ("['192.0.2.53', '10.7.0.1']", "HP0060 {} | would be asked what it doesn't know"),
        ("['0.0.0.0']", "HP0060 {} | no machine's address"),
        ("['224.0.0.251']", "HP0060 {} | no machine's address"),
        ("['255.255.255.255']", "HP0060 {} | no machine's address"),
    ],
)
def test_forwarders(forwarders: str, label: str) -> None:
    expected = [label.format(f"forwarders={forwarders}")] if label else []
    assert brief(f"home = Site('home', [lan], [], forwarders={forwarders})") == expected


def test_the_jump_host_as_its_own_forwarder_is_shown_with_its_network() -> None:
    said = told("home = Site('home', [lan], [], forwarders=['10.7.0.1'])")
    assert "forwarder 10.7.0.1 is the jump host itself, in network 'lan'" in said
    assert "it has the address at site.py:2" in said
