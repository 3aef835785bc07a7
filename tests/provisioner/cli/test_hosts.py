"""The list of hosts and strangers, whole."""

from __future__ import annotations

from typing import Any

import pytest

from provisioner.cli.hosts import hosts_text

pytestmark = pytest.mark.unit

STRANGER: dict[str, Any] = {
    "mac": "52:54:00:00:00:99",
    "state": "inventoried",
    "host": None,
    "match": "is no declared host",
    "candidates": [{"host": "w1", "reasons": ["another MAC", "another serial"]}],
}


def test_a_stranger_comes_with_the_reasons_and_what_to_type() -> None:
    hosts = [{"host": "cp1", "state": "ready", "since": 40.0, "address": "10.7.0.11"}]
    known = {"mac": "52:54:00:00:00:01", "state": "ready", "host": "cp1"}
    heard = {**STRANGER, "mac": "52:54:00:00:00:98", "state": "discovered"}
    assert hosts_text(hosts, [known, heard, STRANGER], 100.0).splitlines() == [
        "  cp1              ready            60 s  10.7.0.11",
        "  52:54:00:00:00:98  discovered  is no declared host",
        "      not w1: another MAC; another serial",
        "  52:54:00:00:00:99  inventoried  is no declared host",
        "      not w1: another MAC; another serial",
        "      provisioner hosts approve 52:54:00:00:00:99 --as HOST",
    ]


def test_the_doctor_is_known() -> None:
    asked: dict[str, Any] = {
        **STRANGER,
        "mac": "02:48:50:07:00:11",
        "state": "discovered",
        "candidates": [],
    }
    assert hosts_text([], [asked], 100.0) == (
        "  02:48:50:07:00:11  discovered  `provisioner doctor`, which asked as a machine"
    )
