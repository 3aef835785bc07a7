from __future__ import annotations

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.l2 import ARP, Ether

from provisioner.protocol.arp.packet import ArpSpoken, probe, read

pytestmark = pytest.mark.unit

OWN = bytes.fromhex("525400070001")
ADDRESS, MAC = "10.7.0.100", "52:54:00:07:00:99"
NUMBER = int(IPv4Address(ADDRESS))


def test_scapy_reads_the_probe() -> None:
    """RFC 5227, 2.1.1: the sender's address is all zero, or others would believe it."""
    frame = Ether(probe(OWN, NUMBER))
    assert (frame.dst, frame.src, len(frame)) == ("ff:ff:ff:ff:ff:ff", "52:54:00:07:00:01", 60)
    asked = frame[ARP]
    assert (asked.op, asked.psrc, asked.pdst) == (1, "0.0.0.0", ADDRESS)
    assert (asked.hwsrc, asked.hwdst) == ("52:54:00:07:00:01", "00:00:00:00:00:00")


@pytest.mark.parametrize("operation", ["who-has", "is-at"])
def test_who_says_that_an_address_is_its_own(operation: str) -> None:
    frame = bytes(Ether(src=MAC) / ARP(op=operation, hwsrc=MAC, psrc=ADDRESS, pdst="10.7.0.1"))
    assert read(frame) == ArpSpoken(MAC, NUMBER)


def test_what_says_nothing_of_the_kind() -> None:
    assert read(probe(OWN, NUMBER)) is None
    assert read(bytes(Ether() / ARP(op=3, psrc=ADDRESS))) is None
    assert read(bytes(Ether() / ARP(op=2, psrc=ADDRESS, hwlen=8))) is None
    assert read(b"") is None


@given(st.binary(max_size=80))
def test_any_bytes_can_be_read(frame: bytes) -> None:
    read(frame)
