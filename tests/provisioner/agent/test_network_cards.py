"""Network cards out of /sys/class/net."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.agent.messages import NicReport
from provisioner.agent.network_cards import read_network_cards
from tests.provisioner.agent.sysfs_tree import add_card, roots_in

pytestmark = pytest.mark.unit


def test_hardware_cards_with_link_and_speed(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    up = {"address": "3C:EC:EF:00:00:01", "carrier": "1", "speed": "25000"}
    add_card(roots, "eth0", "ice", up)
    add_card(roots, "eth1", "igb", {"address": "3c:ec:ef:00:00:02", "carrier": "0", "speed": "-1"})
    add_card(roots, "eth2", "virtio_net", {"address": "52:54:00:00:00:01", "carrier": "1"})
    assert read_network_cards(roots.sys) == (
        NicReport("eth0", "3c:ec:ef:00:00:01", "ice", True, 25000),
        NicReport("eth1", "3c:ec:ef:00:00:02", "igb", False, None),
        NicReport("eth2", "52:54:00:00:00:01", "virtio_net", True, None),
    )


def test_cards_that_are_not_ethernet_hardware_are_left_out(tmp_path: Path) -> None:
    roots = roots_in(tmp_path)
    add_card(roots, "lo", "", {"type": "772"})
    add_card(roots, "bond0", "", {"address": "00:00:00:00:00:01"})
    add_card(roots, "ib0", "mlx5_core", {"type": "32"})
    assert read_network_cards(roots.sys) == ()
