from __future__ import annotations

from ipaddress import IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scapy.layers.inet6 import ICMPv6ND_RA, ICMPv6ND_RS, ICMPv6NDOptSrcLLAddr, IPv6
from scapy.layers.l2 import Ether

from provisioner.protocol.ndp.router_absence import Solicitation, no_router, solicitation

pytestmark = pytest.mark.unit

OWN_MAC = bytes.fromhex("0a0000000001")
MAC = "52:54:00:07:00:11"
ADDRESS = "fe80::5054:ff:fe07:11"
# Sent by iPXE 1.0.0+git-20190125 (QEMU's ROM) under SeaBIOS; see dhcp/packets/README.md.
CAPTURED = bytes.fromhex(
    "33330000000252540007001186dd6000000000103aff"
    "fe80000000000000505400fffe070011ff020000000000000000000000000002"
    "8500da55000000000101525400070011"
)


def test_what_ipxe_asks() -> None:
    assert solicitation(CAPTURED) == Solicitation(MAC, IPv6Address(ADDRESS))


def test_scapy_asks_the_same() -> None:
    theirs = (
        Ether(src=MAC, dst="33:33:00:00:00:02")
        / IPv6(src=ADDRESS, dst="ff02::2", hlim=255)
        / ICMPv6ND_RS()
        / ICMPv6NDOptSrcLLAddr(lladdr=MAC)
    )
    assert bytes(theirs) == CAPTURED


def test_the_whole_answer_as_scapy_writes_it() -> None:
    """Lifetime 0, no flag, no option: it says "not a default router" and nothing else."""
    theirs = (
        Ether(src="0a:00:00:00:00:01", dst=MAC)
        / IPv6(src="fe80::800:ff:fe00:1", dst=ADDRESS, hlim=255)
        / ICMPv6ND_RA(chlim=0, routerlifetime=0, prf=0)
    )
    asked = Solicitation(MAC, IPv6Address(ADDRESS))
    assert no_router(asked, OWN_MAC) == bytes(theirs)


@pytest.mark.parametrize(
    ("at", "value"),
    [(12, 0x08), (20, 6), (21, 64), (22, 0x20), (54, 134), (55, 1)],
)
def test_what_is_no_solicitation(at: int, value: int) -> None:
    """Another ethertype or protocol, a routed packet, no link-local sender, another type or
    code."""
    frame = bytearray(CAPTURED)
    frame[at] = value
    assert solicitation(bytes(frame)) is None


def test_a_sender_without_an_address_could_only_be_answered_to_everybody() -> None:
    assert solicitation(CAPTURED[:22] + bytes(16) + CAPTURED[38:]) is None


@given(st.binary(max_size=100))
def test_any_bytes_are_a_solicitation_or_none(frame: bytes) -> None:
    solicitation(frame)
