"""Bridges in a network namespace of the test's own, as iproute2 sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from inventory.network import Network
from kvm.errors import LabDidNotStart
from kvm.lab.switch import Switches
from tests.namespaces import NetworkNamespace

pytestmark = pytest.mark.protocol

LAN = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
STORAGE = Network("storage", "10.8.0.0/16", interface="eth2", address="10.8.0.1", mtu=1400)


def bridges(place: NetworkNamespace) -> list[tuple[str, int, str, str]]:
    shown: list[dict[str, Any]] = json.loads(
        place.run("ip", "-json", "-details", "address", "show", "type", "bridge").stdout
    )
    return [
        (
            link["ifname"],
            link["mtu"],
            " ".join(
                f"{at['local']}/{at['prefixlen']}"
                for at in link["addr_info"]
                if at["family"] == "inet"
            ),
            f"stp {link['linkinfo']['info_data']['stp_state']}"
            f" delay {link['linkinfo']['info_data']['forward_delay']}"
            f" {'UP' if 'UP' in link['flags'] else 'DOWN'}",
        )
        for link in shown
        if link
    ]


def test_one_bridge_a_network_for_as_long_as_the_context() -> None:
    with NetworkNamespace() as place:

        def made_and_seen() -> list[tuple[str, int, str, str]]:
            with Switches([LAN, STORAGE]):
                return bridges(place)

        assert place.call(made_and_seen) == [
            ("eth1", 1500, "10.7.0.1/24", "stp 0 delay 0 UP"),
            ("eth2", 1400, "10.8.0.1/16", "stp 0 delay 0 UP"),
        ]
        assert bridges(place) == []


def test_what_the_kernel_refuses_leaves_nothing() -> None:
    again = Network("again", "10.9.0.0/24", interface="eth1", address="10.9.0.1")
    with NetworkNamespace() as place:

        def refused() -> str:
            with pytest.raises(LabDidNotStart) as told, Switches([LAN, again]):
                pass
            return str(told.value)

        assert place.call(refused).startswith("bridge eth1: ")
        assert bridges(place) == []
