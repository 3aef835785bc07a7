from __future__ import annotations

import json
from typing import Any

import pytest

from provisioner.cli.leases import ExportFormat, exported, leases_text

pytestmark = pytest.mark.unit

NOW = 1_700_000_000.0


def lease(address: str, state: str, **more: object) -> dict[str, Any]:
    known = {"network": "lan", "mac": "", "host": None, "expires": 0.0}
    return {**known, "address": address, "state": state, "running": state == "leased", **more}


LEASES = [
    lease("10.7.0.11", "leased", mac="52:54:00:07:00:11", host="cp1", expires=NOW + 3120),
    lease("10.7.0.12", "reserved", host="w1"),
    lease("10.7.0.101", "expired", mac="02:00:00:00:00:05", expires=NOW - 3 * 3600),
    lease("10.7.0.102", "declined", expires=NOW + 80),
]


def test_a_table_with_times_in_words() -> None:
    assert leases_text(LEASES, NOW).splitlines() == [
        "address     MAC                host  network  state     expires",
        "10.7.0.11   52:54:00:07:00:11  cp1   lan      leased    in 52 min",
        "10.7.0.12                      w1    lan      reserved",
        "10.7.0.101  02:00:00:00:00:05        lan      expired   3 h ago",
        "10.7.0.102                           lan      declined  in 80 s",
    ]
    assert leases_text([], NOW) == "no address is leased or reserved"


def test_exports() -> None:
    assert exported(LEASES, ExportFormat.CSV).splitlines() == [
        "network,address,mac,host,state,expires",
        "lan,10.7.0.11,52:54:00:07:00:11,cp1,leased,2023-11-14T23:05:20+00:00",
        "lan,10.7.0.12,,w1,reserved,",
        "lan,10.7.0.101,02:00:00:00:00:05,,expired,2023-11-14T19:13:20+00:00",
        "lan,10.7.0.102,,,declined,2023-11-14T22:14:40+00:00",
    ]
    assert json.loads(exported(LEASES, ExportFormat.JSON)) == LEASES
