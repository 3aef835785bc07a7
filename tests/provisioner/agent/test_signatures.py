"""Every magic number in the table is found, and nothing is found where nothing is."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.agent.messages import UNKNOWN_DATA
from provisioner.agent.signatures import MIB, SIGNATURES, Signature, probe

pytestmark = pytest.mark.unit

SIZE = 8 * MIB
# What Debian's own tools make of an empty disk, and what the probe has to say of it.
MADE = (
    ("mkfs.ext4 -q -F {}", "ext2/3/4 file system"),
    ("mkfs.ext2 -q -F {}", "ext2/3/4 file system"),
    ("mkfs.vfat -F 12 {}", "FAT file system"),
    ("mkswap {}", "swap space"),
    ("sgdisk -n 1:2048:4095 {}", "GPT partition table"),
)


def disk_with(magic: bytes, offset: int, size: int = SIZE) -> bytes:
    """A disk of zeros but for `magic`; a negative offset counts from the end."""
    disk = bytearray(size)
    place = offset if offset >= 0 else size + offset
    disk[place : place + len(magic)] = magic
    return bytes(disk)


def probed(disk: bytes) -> tuple[str, ...]:
    return probe(lambda offset, length: disk[offset : offset + length], len(disk))


@pytest.mark.parametrize(
    ("signature", "offset"),
    [
        pytest.param(signature, offset, id=f"{signature.name}-{offset}")
        for signature in SIGNATURES
        for offset in signature.offsets
    ],
)
def test_every_signature_is_found_at_every_place(signature: Signature, offset: int) -> None:
    assert probed(disk_with(signature.magic, offset)) == (signature.name,)


def test_a_disk_of_zeros_is_blank() -> None:
    assert probed(bytes(SIZE)) == ()


def test_erased_flash_that_reads_as_ones_is_blank() -> None:
    ones = b"\xff" * SIZE
    assert probed(ones) == ()
    assert probed(ones[: 2 * MIB] + b"x" + ones[2 * MIB :]) == (UNKNOWN_DATA,)


@pytest.mark.parametrize("size", [512, 4096, MIB, MIB + 512])
def test_a_tiny_disk_of_zeros_is_blank(size: int) -> None:
    assert probed(bytes(size)) == ()


@pytest.mark.parametrize("place", [128 * 1024, 200 * 1024])
def test_a_zfs_uberblock_of_either_byte_order(place: int) -> None:
    magic = bytes.fromhex("0cb1ba0000000000")
    assert probed(disk_with(magic, place)) == ("ZFS pool member",)
    assert probed(disk_with(magic[::-1], place)) == ("ZFS pool member",)


@pytest.mark.parametrize("size", [SIZE, SIZE + 512 * 77])
def test_raid_metadata_at_the_end(size: int) -> None:
    magic = bytes.fromhex("fc4e2ba9")
    one_zero = ((size // 512 - 16) & ~7) * 512
    zero_ninety = (size & ~0xFFFF) - 0x10000
    for place in (one_zero, zero_ninety):
        assert probed(disk_with(magic, place, size)) == ("Linux RAID member",)


def test_an_mbr_needs_a_partition() -> None:
    sector = bytearray(512)
    sector[510:512] = b"\x55\xaa"
    assert probed(bytes(sector) + bytes(SIZE)) == (UNKNOWN_DATA,)
    sector[446:462] = bytes.fromhex("80202100 83dd1e3f 00080000 00f00100")
    assert probed(bytes(sector) + bytes(SIZE)) == ("MBR partition table",)


@given(st.integers(-MIB, 2 * MIB - 1), st.integers(1, 255))
def test_any_byte_at_the_ends_is_somebodys_data(place: int, value: int) -> None:
    assert probed(disk_with(bytes([value]), place)) != ()


@pytest.mark.parametrize("mib", [2, 3, 4, 5, 16, 17])
def test_a_byte_where_partitions_begin_is_somebodys_data(mib: int) -> None:
    assert probed(disk_with(b"x", mib * MIB, 18 * MIB)) == (UNKNOWN_DATA,)


def test_a_file_system_whose_partition_table_was_erased_is_data(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(32 * MIB))
    command = ["mkfs.ext4", "-q", "-F", "-E", f"offset={MIB}", str(disk), "16M"]
    subprocess.run(command, check=True, capture_output=True, env={"PATH": "/usr/sbin:/sbin"})
    content = disk.read_bytes()
    assert content[:MIB] == content[-MIB:] == bytes(MIB)
    assert probed(content) == (UNKNOWN_DATA,)


@pytest.mark.parametrize(("command", "name"), MADE, ids=[command for command, _ in MADE])
def test_what_debians_tools_write(command: str, name: str, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.write_bytes(bytes(SIZE))
    subprocess.run(
        command.format(disk).split(),
        check=True,
        capture_output=True,
        env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin"},
    )
    assert name in probed(disk.read_bytes())
