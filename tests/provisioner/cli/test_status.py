"""The status text, whole."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.cli.status import dhcp_lines, status_text

pytestmark = pytest.mark.unit


def test_status_of_a_site_on_its_way() -> None:
    status = {
        "version": "0.1.0",
        "site": "home",
        "ca_sha256": "5e1f",
        "networks": [{"interface": "lan0", "withheld": ""}],
        "foreign_dhcp_servers": ["10.7.0.254 (52:54:00:aa:bb:cc) on lan0"],
        "missing_files": ["the artifact vmlinuz isn't there: /cache/vmlinuz"],
        "rehearsed": "this declaration passed its rehearsal on 2026-11-23",
    }
    hosts: list[dict[str, Any]] = [
        {"host": "cp1", "state": "ready", "since": 1.0, "address": "10.7.0.11"},
        {
            "host": "w1",
            "state": "installing",
            "since": 9_940.0,
            "address": "10.7.0.12",
            "progress": {"phase": "write", "done": 61, "total": 100},
        },
        {
            "host": "w2",
            "state": "assigned",
            "since": 9_000.0,
            "address": "10.7.0.13",
            "waiting_for": "waiting for node image, 61 %, about 2 min",
        },
        {"host": "w3", "state": None, "since": 0.0, "address": None},
        {"host": "w4", "state": "failed", "since": 9_990.0, "address": "", "reason": "no disk"},
    ]
    assert status_text(status, hosts, 10_000.0).splitlines() == [
        "site home · provisioner 0.1.0",
        "HTTPS by the site's own CA (/ca.crt), sha256 5e1f",
        "another DHCP server answers on this network: 10.7.0.254 (52:54:00:aa:bb:cc) on lan0",
        "the artifact vmlinuz isn't there: /cache/vmlinuz"
        " (`provisioner serve SITE.py` builds it again)",
        "this declaration passed its rehearsal on 2026-11-23",
        "  cp1              ready             3 h  10.7.0.11",
        "  w1               installing       60 s  10.7.0.12        write 61 %",
        "  w2               assigned       17 min  10.7.0.13        "
        "waiting for node image, 61 %, about 2 min",
        "  w3               unseen",
        "  w4               failed           10 s                   no disk",
    ]


def test_addresses_that_are_withheld() -> None:
    first = "another DHCP server was there first: 10.7.0.254 (52:54:00:aa:bb:cc)"
    status = {
        "networks": [
            {"interface": "lan0", "withheld": first},
            {"interface": "lan1", "withheld": ""},
        ],
        "foreign_dhcp_servers": [
            "10.7.0.254 (52:54:00:aa:bb:cc) on lan0",
            "10.8.0.254 (52:54:00:dd:ee:ff) on lan1",
        ],
    }
    assert dhcp_lines(status) == [
        f"no address is handed out on lan0: {first}",
        "another DHCP server answers on this network: 10.8.0.254 (52:54:00:dd:ee:ff) on lan1",
    ]
