from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "all well": (
        "one = Host('w1', [Nic('52:54:00:00:00:01')], '10.7.0.11', client_id='01:52:54', "
        "relay_port=RelayPort('Gi0/3', 'sw1'))\n"
        "two = Host('w2', [Nic('52:54:00:00:00:02')], '10.7.0.12', client_id='w2', "
        "relay_port=RelayPort('Gi0/3', 'sw2'))",
        [],
    ),
    "the same client id, written twice": (
        "one = Host('w1', [Nic('52:54:00:00:00:01')], '10.7.0.11', client_id='77:31')\n"
        "two = Host('w2', [Nic('52:54:00:00:00:02')], '10.7.0.12', client_id='w1')",
        ["HP0017 client_id='w1' | already another host's"],
    ),
    "the same port": (
        "one = Host('w1', [Nic('52:54:00:00:00:01')], '10.7.0.11', relay_port=RelayPort('3'))\n"
        "two = Host('w2', [Nic('52:54:00:00:00:02')], '10.7.0.12', relay_port=RelayPort('3'))",
        ["HP0017 relay_port=RelayPort('3') | already another host's"],
    ),
    "nothing that can be sent": (
        "one = Host('w1', [Nic('52:54:00:00:00:01')], '10.7.0.11', client_id='')\n"
        "two = Host('w2', [Nic('52:54:00:00:00:02')], '10.7.0.12', relay_port=RelayPort('ä'))",
        ["HP0050 client_id='' | not 1 to 250 bytes", "HP0050 'ä' | not 1 to 250 bytes"],
    ),
    "no address": (
        "one = Host('w1', [Nic('52:54:00:00:00:01')], client_id='w1')\n"
        "two = Host('w2', [Nic('52:54:00:00:00:02')])",
        ["HP0038 client_id='w1' | gets nothing"],
    ),
}


@pytest.mark.parametrize(("hosts", "expected"), CASES.values(), ids=CASES)
def test_what_dhcp_knows_hosts_by(hosts: str, expected: list[str]) -> None:
    assert brief(f"{hosts}\nhome = site(one, two)") == expected
