from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from provisioner.cli.doctor.observation import NOWHERE, Asked, is_address, is_url
from tests.provisioner.cli.doctor.healthy import SERVER, offer, seen

pytestmark = pytest.mark.unit


def test_where_a_program_is_loaded_from() -> None:
    assert offer(Asked.BIOS, next_server="10.7.0.2").loaded_from == "10.7.0.2"
    assert offer(Asked.BIOS, next_server=NOWHERE).loaded_from == SERVER
    assert offer(Asked.BIOS, next_server=NOWHERE, tftp_server="t").loaded_from == "t"
    nothing = offer(Asked.BIOS, next_server=NOWHERE, tftp_server="", server_id="", source="s")
    assert nothing.loaded_from == "s"


def test_option_67_goes_before_the_header() -> None:
    assert offer(Asked.BIOS, file="a", boot_file="b").program == "b"
    assert offer(Asked.BIOS, file="a", boot_file="").program == "a"


def test_the_offered_subnet() -> None:
    assert offer(Asked.BIOS, mask="255.255.0.0").subnet == IPv4Network("10.7.0.0/16")
    assert offer(Asked.BIOS, mask="").subnet == IPv4Network("10.7.0.0/24")


def test_a_machine_boots_what_a_proxy_says_at_an_address_of_another() -> None:
    giving = offer(Asked.BIOS, server_id="10.7.0.2", source="10.7.0.2")
    proxy = offer(Asked.BIOS, address=NOWHERE)
    both = seen(offers=(giving, proxy), expected=None)
    assert both.boots(Asked.BIOS) is proxy
    assert both.address_offer is giving
    assert list(both.address_servers) == [giving]
    assert seen(offers=(giving, proxy)).address_offer is giving
    assert both.boots(Asked.UEFI) is None


def test_written_addresses_and_urls() -> None:
    assert [is_address(one) for one in ("10.7.0.1", "boot.example", "")] == [True, False, False]
    assert [is_url(one) for one in ("http://a", "HTTPS://a", "tftp://a", "a")] == [
        True,
        True,
        False,
        False,
    ]
