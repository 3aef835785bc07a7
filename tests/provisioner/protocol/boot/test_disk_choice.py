"""Which disk is written, and above all which is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.host import AnyBlank, DiskBySerial, DiskByWwn, InstallDisk, MayWipe
from provisioner.agent.messages import DiskReport
from provisioner.protocol.boot.disk_choice import GIB, Chosen, NoDisk, choose
from tests.provisioner.protocol.boot.values import ORDER

pytestmark = pytest.mark.unit

SMALL = DiskReport("sda", 20 * GIB, serial="S1", wwn="0x5000c500a1b2c3d4")
LARGE = DiskReport("sdb", 100 * GIB, serial="S2")
FULL = DiskReport("sdc", 10 * GIB, serial="S3", content=("gpt", "ext4 (home)"))
TINY = DiskReport("sdd", 2 * GIB, serial="S4")

disks = st.builds(
    DiskReport,
    name=st.sampled_from(["sda", "sdb", "nvme0n1"]),
    size=st.integers(0, 200 * GIB),
    model=st.just("m"),
    serial=st.sampled_from(["", "S1", "S2"]),
    wwn=st.sampled_from(["", "0xabc", "naa.abc"]),
    rotational=st.booleans(),
    content=st.sampled_from([(), ("gpt",), ("ext4",)]),
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (AnyBlank(), Chosen(SMALL, must_be_blank=True)),
        (AnyBlank(min_gib=50), Chosen(LARGE, must_be_blank=True)),
        (MayWipe(), Chosen(FULL, must_be_blank=False)),
        (MayWipe(min_gib=15), Chosen(SMALL, must_be_blank=False)),
        (DiskBySerial("S3"), Chosen(FULL, must_be_blank=False)),
        (DiskByWwn("5000C500A1B2C3D4"), Chosen(SMALL, must_be_blank=False)),
        (DiskByWwn("naa.5000c500a1b2c3d4"), Chosen(SMALL, must_be_blank=False)),
    ],
)
def test_the_disk_that_each_rule_takes(rule: InstallDisk, expected: Chosen) -> None:
    assert choose(rule, (FULL, LARGE, SMALL, TINY), None) == expected


@pytest.mark.parametrize(
    ("rule", "present", "reason"),
    [
        (None, (SMALL,), "the declaration doesn't say which disk may be installed on"),
        (AnyBlank(), (FULL,), "no disk of 8 GiB or more is blank: sdc (10.0 GiB serial S3)"),
        (AnyBlank(), (TINY,), "no disk of 8 GiB or more is blank"),
        (AnyBlank(), (), "the machine reports no disk at all"),
        (MayWipe(), (TINY,), "no disk has 8 GiB"),
        (DiskBySerial("S9"), (SMALL,), "no disk has serial S9"),
        (DiskBySerial("S1"), (SMALL, SMALL), "several disks have serial S1"),
        (DiskBySerial(""), (DiskReport("sda", 20 * GIB),), "no disk has serial"),
        (DiskByWwn(""), (DiskReport("sda", 20 * GIB),), "no disk has WWN"),
    ],
)
def test_refusals_say_what_was_seen(
    rule: InstallDisk | None, present: tuple[DiskReport, ...], reason: str
) -> None:
    refused = choose(rule, present, None)
    assert isinstance(refused, NoDisk)
    assert reason in refused.reason


@given(st.lists(disks))
def test_any_blank_never_takes_a_disk_with_content(present: list[DiskReport]) -> None:
    chosen = choose(AnyBlank(), present, None)
    if isinstance(chosen, Chosen):
        assert not chosen.disk.content
        assert chosen.must_be_blank


def test_our_own_order_allows_the_disk_that_it_names_by_serial() -> None:
    half_written = DiskReport("sdx", SMALL.size, serial="S1", content=("gpt",))
    assert choose(AnyBlank(), (LARGE, half_written), SMALL) == Chosen(half_written, False)


@pytest.mark.parametrize(
    ("disk", "own"),
    [
        (replace(FULL, serial="S1"), SMALL),  # a serial that another size of disk has too
        (replace(SMALL, wwn="0x5000c500ffffffff"), SMALL),
        (replace(SMALL, serial="0000", wwn=""), replace(SMALL, serial="0000", wwn="")),
        (replace(SMALL, serial="", wwn="eui.0000"), replace(SMALL, serial="", wwn="eui.0000")),
    ],
)
def test_what_makes_no_disk_our_own(disk: DiskReport, own: DiskReport) -> None:
    used = replace(disk, content=("gpt",))
    assert isinstance(choose(AnyBlank(), (used,), own), NoDisk)


@pytest.mark.parametrize("rule", [AnyBlank(), MayWipe()])
def test_a_disk_that_both_machines_see_is_the_others(rule: InstallDisk) -> None:
    others = (replace(ORDER, disk=replace(SMALL, name="sdz")),)
    assert choose(rule, (LARGE, SMALL), None, others) == choose(rule, (LARGE,), None)
    refused = choose(rule, (SMALL,), SMALL, others)
    assert isinstance(refused, NoDisk)
    assert "and is the disk of cp1 (52:54:00:07:00:11)" in refused.reason


def test_the_declaration_may_name_another_machines_disk() -> None:
    others = (replace(ORDER, disk=SMALL),)
    assert choose(DiskBySerial("S1"), (SMALL,), None, others) == Chosen(SMALL, False)


@pytest.mark.parametrize("serial", ["QM00001", "00000000000000000001", "VMWARE NVME_0000", ""])
def test_serials_are_no_sign_of_one_disk_that_two_machines_see(serial: str) -> None:
    disk = DiskReport("sda", 20 * GIB, "VMware Virtual S", serial)
    others = (replace(ORDER, disk=disk),)
    assert choose(AnyBlank(), (disk,), None, others) == Chosen(disk, must_be_blank=True)


def test_a_refusal_says_how_to_use_a_disk_with_data() -> None:
    refused = choose(AnyBlank(), (FULL,), None)
    assert isinstance(refused, NoDisk)
    remedy = (
        'to use one: install_on=DiskBySerial("…"), DiskByWwn("…") or MayWipe(), or make all of it'
    )
    assert remedy in refused.reason
    too_small = choose(AnyBlank(), (TINY,), None)
    assert isinstance(too_small, NoDisk)
    assert "to use one" not in too_small.reason


def test_our_own_order_does_not_allow_another_disk() -> None:
    refused = choose(AnyBlank(), (FULL,), SMALL)
    assert isinstance(refused, NoDisk)


def test_a_disk_without_serial_is_never_known_again() -> None:
    nameless = DiskReport("sda", 20 * GIB)
    written = DiskReport("sda", 20 * GIB, content=("gpt",))
    assert isinstance(choose(AnyBlank(), (written,), nameless), NoDisk)


@given(st.lists(disks), disks)
def test_content_is_only_overwritten_by_name(
    present: list[DiskReport], ordered: DiskReport
) -> None:
    chosen = choose(AnyBlank(), present, ordered)
    if isinstance(chosen, Chosen) and chosen.disk.content:
        assert chosen.disk.is_same_disk(ordered)
        assert ordered.serial or ordered.wwn
