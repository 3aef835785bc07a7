from __future__ import annotations

import math
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.lease import Lease
from provisioner.serve.neighbours import OccupantsByNeighbour
from tests.namespaces import segment

TABLE = """\
IP address       HW type     Flags       HW address            Mask     Device
10.7.0.150       0x1         0x2         52:54:00:07:00:11     *        lan0
10.7.0.151       0x1         0x2         52:54:00:07:00:12     *        eth9
10.7.0.152       0x1         0x0         52:54:00:07:00:13     *        lan0
10.7.0.153       0x1         0x2         00:00:00:00:00:00     *        lan0
10.7.0.154       0x20        0x2         00:11:22:33:44:55:66:77     *        lan0
10.7.0.155       0x1         zz          52:54:00:07:00:14     *        lan0
10.7.0.156       0x1
"""


def address(last: int) -> IPv4Address:
    return IPv4Address(f"10.7.0.{last}")


@pytest.mark.unit
def test_only_who_answers_on_our_interface() -> None:
    occupants = OccupantsByNeighbour("lan0", lambda: TABLE)
    assert occupants.owner(address(150), 0.0) == "52:54:00:07:00:11"
    assert occupants.holder(address(150)) == Lease("52:54:00:07:00:11", address(150), math.inf)
    for last in (15, 151, 152, 153, 154, 155, 156, 157):
        assert occupants.owner(address(last), 0.0) is None
        assert occupants.holder(address(last)) is None


@pytest.mark.unit
def test_the_table_is_looked_at_for_who_is_new_and_after_a_moment() -> None:
    tables, now = [TABLE], [0.0]
    occupants = OccupantsByNeighbour("lan0", lambda: tables[-1], lambda: now[-1])
    assert occupants.owner(address(150), 0.0) == "52:54:00:07:00:11"
    tables.append(TABLE.replace("07:00:11", "07:00:99").replace("10.7.0.151", "10.7.0.158"))
    assert occupants.owner(address(150), 0.0) == "52:54:00:07:00:11"
    now.append(0.3)
    assert occupants.owner(address(150), 0.0) == "52:54:00:07:00:99"
    tables.append(TABLE.replace("10.7.0.151", "10.7.0.159").replace("eth9", "lan0"))
    assert occupants.owner(address(159), 0.0) == "52:54:00:07:00:12"


@pytest.mark.protocol
def test_the_kernels_own_table() -> None:
    with segment() as wire:
        station = wire.station("lan0", "10.7.0.1/24")
        wire.station("eth0", "10.7.0.150/24", mac="52:54:00:07:00:11")
        station.run("busybox", "ping", "-c1", "10.7.0.150")
        occupants = OccupantsByNeighbour("lan0")
        found = station.call(lambda: occupants.owner(address(150), 0.0))
    assert found == "52:54:00:07:00:11"
