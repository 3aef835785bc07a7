from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "MAC": (
        'home = site(Host("a", [Nic("52:54:00:07:00:1g")]))',
        ['HP0012 "52:54:00:07:00:1g" | not a card\'s address'],
    ),
    "group MAC": (
        'home = site(Host("a", [Nic(mac="01:00:5e:00:00:01")]))',
        ['HP0012 mac="01:00:5e:00:00:01" | not a card\'s address'],
    ),
    "zero MAC": (
        'home = site(Host("a", [Nic("00:00:00:00:00:00")]))',
        ['HP0012 "00:00:00:00:00:00" | not a card\'s address'],
    ),
    "one MAC, two hosts, two spellings": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11")]), Host("b", [Nic("5254.0007.0011")]))',
        ['HP0013 "5254.0007.0011" | already another card\'s'],
    ),
    "one MAC twice in a host": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11"), Nic("52:54:00:07:00:11")]))',
        ['HP0013 "52:54:00:07:00:11" | already another card\'s'],
    ),
    "UUID": (
        'home = site(Host("a", system_uuid="7d1f"))',
        ['HP0016 system_uuid="7d1f" | not a UUID'],
    ),
    "one serial, two hosts": (
        'home = site(Host("a", serial="S1"), Host("b", serial="s1"))',
        ['HP0017 serial="s1" | already another host\'s'],
    ),
    "unrecognisable": (
        'home = site(Host("a"))',
        ["HP0030 Host | no MAC, serial, UUID or rule"],
    ),
    "Wake-on-LAN without a card": (
        'home = site(Host("a", serial="S", bmc=WakeOnLan()))',
        ["HP0035 bmc=WakeOnLan() | needs the MAC of its first card"],
    ),
    "unknown network": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11", network="lab")]))',
        ['HP0027 network="lab" | no such network'],
    ),
    "which network": (
        'home = site(Host("a", [Nic("52:54:00:07:00:11")]), networks=[lan, dmz])',
        ["HP0027 Nic | in which network?"],
    ),
    "unknown disk": (
        'home = site(Host("a", [], disks=[Disk(serial="D1")], serial="S", '
        'install_on=DiskBySerial("D2")))',
        ["HP0032 install_on=DiskBySerial(\"D2\") | no disk with serial 'D2'"],
    ),
    "unknown WWN": (
        'home = site(Host("a", [], disks=[Disk(wwn="5001")], serial="S", '
        'install_on=DiskByWwn("5000")))',
        ["HP0032 install_on=DiskByWwn(\"5000\") | no disk with wwn '5000'"],
    ),
    "known disk": (
        'home = site(Host("a", [], disks=[Disk(serial="D")], serial="S", '
        'install_on=DiskBySerial("D")))',
        [],
    ),
    "a disk that may be it": (
        'home = site(Host("a", serial="S", install_on=DiskBySerial("D"), disks=[Disk()]))',
        [],
    ),
    "too small": (
        'home = site(Host("a", serial="S", install_on=MayWipe(min_gib=21)))',
        ["HP0033 install_on=MayWipe(min_gib=21) | its largest has 20 GiB"],
    ),
    "numbers": (
        'home = site(Host("a", serial="S", cpus=0, memory_gib=-1, disks=[Disk(0)]))',
        [
            "HP0018 cpus=0 | at least 1",
            "HP0018 memory_gib=-1 | at least 1",
            "HP0018 0 | at least 1",
        ],
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_hosts(source: str, expected: list[str]) -> None:
    assert brief(source) == expected
