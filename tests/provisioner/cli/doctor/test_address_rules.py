from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address

import pytest

from provisioner.cli.doctor.diagnosis import diagnose
from provisioner.cli.doctor.observation import NOWHERE, Asked, Observations
from tests.provisioner.cli.doctor.healthy import LAN, OFFERS, SERVER, offer, offers, seen

pytestmark = pytest.mark.unit

OTHER = {"server_id": "10.7.0.2", "source": "10.7.0.2", "server_mac": "0a:00:00:00:00:02"}
THEIRS = offer(Asked.BIOS, **OTHER)
PROXY = offers(address=NOWHERE, mask="", dns=(), lease_time=None)
TOLD_BY_THE_DAEMON = replace(LAN, known_servers=("10.7.0.3 (0a:00:00:00:00:03)",))
WITHHELD = replace(LAN, withheld="another DHCP server was there first")


@pytest.mark.parametrize(
    ("observed", "name", "words"),
    [
        (seen(offers=()), "no-offer", "no DHCP server answered on eth0 within 10 s"),
        (seen(offers=OFFERS[1:]), "not-offered", "a machine in BIOS PXE is offered nothing"),
        (
            seen(offers=(*OFFERS, THEIRS)),
            "second-server",
            "another DHCP server answers: 10.7.0.2 (0a:00:00:00:00:02)",
        ),
        (
            seen(offers=(*OFFERS, THEIRS), expected=None),
            "second-server",
            f"several DHCP servers answer: {SERVER} (52:54:00:00:00:01), 10.7.0.2 (0a:00",
        ),
        (
            seen(expected=TOLD_BY_THE_DAEMON),
            "second-server",
            "another DHCP server answers: 10.7.0.3 (0a:00:00:00:00:03)",
        ),
        (
            seen(offers=offers(**OTHER)),
            "not-ours",
            "10.7.0.1, which serves lan, did not answer; this did: 10.7.0.2 (0a:00:00:00:00:02)",
        ),
        (
            seen(offers=offers(address="192.168.1.5")),
            "wrong-subnet",
            "offers what isn't of 10.7.0.0/24: the address 192.168.1.5",
        ),
        (
            seen(offers=offers(router="10.8.0.1"), expected=None),
            "wrong-subnet",
            "offers what isn't of 10.7.0.0/24: the router 10.8.0.1",
        ),
        (seen(offers=offers(mask="255.255.0.0")), "wrong-subnet", "the mask 255.255.0.0"),
        (seen(offers=offers(lease_time=7200)), "odd-lease-time", "is 7200 s, declared are 3600 s"),
        (seen(offers=offers(lease_time=None)), "odd-lease-time", "the offer has no lease time"),
        (
            seen(offers=offers(lease_time=2**32 - 1), expected=None),
            "odd-lease-time",
            "the lease time is 4294967295 s",
        ),
        (
            seen(offers=offers(renewal=3400)),
            "odd-lease-time",
            "T1 3400 s, T2 3150 s and the lease's 3600 s are not in that order",
        ),
        (seen(offers=offers(after=5.5)), "slow-offer", "answered BIOS PXE after 5.5 s"),
        (
            seen(in_use_by="52:54:00:aa:aa:aa"),
            "address-in-use",
            "10.7.0.150, which 10.7.0.1 (52:54:00:00:00:01) offered, is in use by 52:54:00:aa:aa:aa",
        ),
        (seen(acknowledged=False), "not-acknowledged", "but did not acknowledge it"),
    ],
)
def test_one_thing_is_wrong(observed: Observations, name: str, words: str) -> None:
    found = [one for one in diagnose(observed) if one.name == name]
    assert len(found) == 1, diagnose(observed)
    assert words in found[0].what


def test_a_daemon_that_withholds_addresses_says_why() -> None:
    (finding,) = diagnose(seen(offers=(), expected=WITHHELD))
    assert finding.why.endswith("another DHCP server was there first")
    not_ours = diagnose(seen(offers=offers(**OTHER), expected=WITHHELD))
    assert not_ours[0].why == "another DHCP server was there first"


def test_beside_the_one_server_that_gives_addresses_a_proxy_is_as_it_has_to_be() -> None:
    theirs = offers(**OTHER, file="", boot_file="", tftp_server="", next_server=NOWHERE)
    assert diagnose(seen(offers=(*theirs, *PROXY))) == ()
    third = {**OTHER, "server_id": "10.7.0.4", "source": "10.7.0.4"}
    found = diagnose(seen(offers=(*theirs, *PROXY, offer(Asked.BIOS, **third))))
    assert [one.name for one in found] == ["second-server"]


def test_a_server_that_was_seen_is_not_named_again_because_the_daemon_knows_it() -> None:
    expected = replace(LAN, known_servers=("10.7.0.2 (0a:00:00:00:00:02)",))
    (finding,) = diagnose(seen(offers=(*OFFERS, THEIRS), expected=expected))
    assert finding.what.count("10.7.0.2") == 1


def test_who_answers_for_whom_is_not_judged_where_nobody_is_expected() -> None:
    elsewhere = replace(LAN, server=IPv4Address("10.7.0.9"))
    assert diagnose(seen(expected=elsewhere))[0].name == "not-ours"
    assert diagnose(seen(expected=None)) == ()
