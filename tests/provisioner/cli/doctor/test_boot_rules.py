from __future__ import annotations

import pytest

from provisioner.cli.doctor.diagnosis import diagnose
from provisioner.cli.doctor.observation import NOWHERE, Asked, Observations, Offer
from tests.provisioner.cli.doctor.healthy import HTTP_BOOT, OFFERS, offer, offers, seen

pytestmark = pytest.mark.unit


def instead(changed: Offer) -> Observations:
    """One of the offers is another."""
    return seen(offers=(*(one for one in OFFERS if one.asked is not changed.asked), changed))


NOTHING = {"file": "", "boot_file": "", "tftp_server": "", "next_server": NOWHERE}


@pytest.mark.parametrize(
    ("changed", "name", "words"),
    [
        *(
            (offer(asked, **NOTHING), "no-boot-file", f"a machine in {asked} is offered an address")
            for asked in Asked
        ),
        (
            offer(Asked.BIOS, next_server=NOWHERE, tftp_server=""),
            "no-next-server",
            "10.7.0.1 names undionly.kpxe to BIOS PXE, but no server to load it from",
        ),
        (
            offer(Asked.UEFI, next_server="10.7.0.9", tftp_server="10.7.0.9"),
            "wrong-next-server",
            "UEFI PXE would load snponly.efi from 10.7.0.9, not from 10.7.0.1",
        ),
        (
            offer(Asked.UEFI, tftp_server="10.7.0.9"),
            "options-disagree",
            "siaddr names the server 10.7.0.1, option 66 10.7.0.9 (to UEFI PXE)",
        ),
        (
            offer(Asked.BIOS, file="pxelinux.0"),
            "options-disagree",
            "the header names the file pxelinux.0, option 67 undionly.kpxe (to BIOS PXE)",
        ),
        (
            offer(Asked.BIOS, source="10.7.0.5"),
            "options-disagree",
            "option 54 says 10.7.0.1, and 10.7.0.5 sent it (to BIOS PXE)",
        ),
        (
            offer(Asked.IPXE, file="undionly.kpxe", boot_file="undionly.kpxe"),
            "ipxe-loop",
            "iPXE is offered undionly.kpxe, a boot program, where it needs a script",
        ),
        (
            offer(Asked.IPXE, file="", boot_file=f"{HTTP_BOOT}?x=1"),
            "ipxe-loop",
            "a boot program",
        ),
        (
            offer(Asked.UEFI_HTTP, vendor_class=""),
            "no-http-boot",
            "option 60 doesn't say HTTPClient",
        ),
        (
            offer(Asked.UEFI_HTTP, file="", boot_file="snponly.efi"),
            "no-http-boot",
            "snponly.efi is no absolute URL",
        ),
    ],
)
def test_one_thing_is_wrong(changed: Offer, name: str, words: str) -> None:
    (finding,) = diagnose(instead(changed))
    assert finding.name == name
    assert words in finding.what


def test_a_relay_sends_under_its_own_address() -> None:
    through = offers(source="10.9.0.254", address="10.9.0.50", mask="255.255.255.0")
    assert diagnose(seen(offers=through, expected=None)) == ()


def test_a_name_in_option_66_is_no_contradiction() -> None:
    assert diagnose(instead(offer(Asked.BIOS, tftp_server="boot.home.example"))) == ()
