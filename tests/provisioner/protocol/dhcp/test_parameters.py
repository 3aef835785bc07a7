from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.protocol.dhcp.parameters import (
    echoes,
    hostname,
    lease_times,
    network,
    server_identifier,
)
from provisioner.protocol.dhcp.question import ReplyDraft
from tests.provisioner.protocol.dhcp.samples import (
    CP1,
    DISCOVER,
    INFORM,
    LINK,
    NETBOOTS,
    message,
    packet,
    question,
)

pytestmark = pytest.mark.unit

DRAFT = ReplyDraft()
ASKED = question(message(DISCOVER, CP1))
ALL = replace(
    LINK,
    gateway=IPv4Address("10.7.0.254"),
    dns=(IPv4Address("10.7.0.3"), IPv4Address("10.7.0.4")),
    ntp=(IPv4Address("10.7.0.5"),),
    mtu=9000,
)


def test_every_reply_says_who_answers() -> None:
    assert server_identifier(ASKED, DRAFT).options == ((54, b"\x0a\x07\0\1"),)


def test_lease_times() -> None:
    asked = question(message(DISCOVER, CP1), replace(LINK, lease_time=800))
    assert lease_times(asked, DRAFT).options == (
        (51, b"\0\0\x03\x20"),
        (58, b"\0\0\x01\x90"),
        (59, b"\0\0\x02\xbc"),
    )
    inform = question(message(INFORM, CP1, ciaddr=IPv4Address("10.7.0.11")))
    assert lease_times(inform, DRAFT) is DRAFT


def test_the_least_that_a_network_says() -> None:
    """We are the name server where no other is declared; there is no router unless declared."""
    assert network(ASKED, DRAFT).options == (
        (1, b"\xff\xff\xff\0"),
        (28, b"\x0a\x07\0\xff"),
        (6, b"\x0a\x07\0\1"),
        (15, b"home.example"),
    )


def test_everything_that_a_network_says() -> None:
    assert network(question(message(DISCOVER, CP1), ALL), DRAFT).options == (
        (1, b"\xff\xff\xff\0"),
        (28, b"\x0a\x07\0\xff"),
        (3, b"\x0a\x07\0\xfe"),
        (6, b"\x0a\x07\0\3\x0a\x07\0\4"),
        (15, b"home.example"),
        (26, b"\x23\x28"),
        (42, b"\x0a\x07\0\5"),
    )


def test_only_what_is_asked_for() -> None:
    asked = question(message(DISCOVER, CP1, options=((55, b"\x03"),)), ALL)
    assert network(asked, DRAFT).options == ((1, b"\xff\xff\xff\0"), (3, b"\x0a\x07\0\xfe"))


DECLARED = replace(LINK, options=((150, b"\x0a\7\0\5"), (67, b"phone.bin"), (252, b"http://x")))


def test_declared_options_are_given_to_whom_asks() -> None:
    asked = question(message(DISCOVER, CP1, options=((55, b"\x96\x43"),)), DECLARED)
    assert network(asked, DRAFT).options[1:] == ((150, b"\x0a\7\0\5"), (67, b"phone.bin"))


def test_an_empty_list_asks_for_all() -> None:
    everything = network(question(message(DISCOVER, CP1), DECLARED), DRAFT)
    empty = message(DISCOVER, CP1, options=((55, b""),))
    assert network(question(empty, DECLARED), DRAFT) == everything


def test_what_firmware_boots_is_not_declared() -> None:
    asked = question(message(DISCOVER, CP1, options=NETBOOTS), DECLARED)
    assert [code for code, _ in network(asked, DRAFT).options] == [1, 28, 6, 15, 252]


def test_a_declared_name_is_given_unasked() -> None:
    asked = question(message(DISCOVER, CP1, options=((55, b"\x03"),)))
    assert hostname(asked, DRAFT).options == ((12, b"cp1"),)
    assert hostname(question(message(DISCOVER)), DRAFT) is DRAFT


def test_what_is_given_back() -> None:
    asked = packet("ovmf-ipxe-discover")
    relayed = replace(asked, options=((82, b"\1\1\7"), *asked.options))
    assert echoes(question(relayed), DRAFT).options == (
        (61, bytes.fromhex("01525400070011")),
        (97, bytes.fromhex("0078563412bc9af0de1122334455667788")),
        (82, b"\1\1\7"),
    )
