from __future__ import annotations

import json

import pytest

from provisioner.cli.doctor.diagnosis import diagnose
from provisioner.cli.doctor.observation import NOWHERE, Examination, Observations
from provisioner.cli.doctor.report import report_json, report_text
from tests.provisioner.cli.doctor.healthy import HEALTHY, offers, seen

pytestmark = pytest.mark.unit


def of(observed: Observations) -> list[Examination]:
    return [Examination(observed, diagnose(observed))]


def test_of_a_healthy_network() -> None:
    assert report_text(of(HEALTHY)).splitlines() == [
        "lan on eth0, asked as 02:48:50:07:00:99: healthy",
        "  10.7.0.1 (52:54:00:00:00:01) offered 10.7.0.150 to BIOS PXE, UEFI PXE, iPXE, UEFI HTTP boot",
        "  the lease was acknowledged, and given back at the end",
        "  10.7.0.1 says 10.7.0.1 of ns.home.example",
        "  tftp://10.7.0.1/undionly.kpxe: 74213 bytes",
        "  tftp://10.7.0.1/snponly.efi: 173792 bytes",
        "  http://10.7.0.1/boot.ipxe?mac=02-48-50-07-00-99: 200",
        "  http://10.7.0.1/ipxe/snponly.efi: 200",
    ]


def test_of_one_that_is_not() -> None:
    told = report_text(of(seen(offers=(), names=(), tftp=(), http=(), acknowledged=None)))
    assert told.splitlines() == [
        "lan on eth0, asked as 02:48:50:07:00:99: 1 finding",
        "no-offer: no DHCP server answered on eth0 within 10 s",
        "  why: no machine can boot over this network",
        "  do:  see that the daemon serves this network (`provisioner status`), that the network declares a",
        "       pool, that cable and VLAN lead there, and that no firewall drops UDP to port 67",
    ]
    assert "2 findings" in report_text(of(seen(in_use_by="x", acknowledged=False)))
    assert report_text(of(seen(offers=(), expected=None))).startswith("eth0, asked as ")


def test_of_a_proxy() -> None:
    told = report_text(of(seen(offers=offers(address=NOWHERE), expected=None)))
    words = "10.7.0.1 (52:54:00:00:00:01) told, as a proxy, what to boot to BIOS PXE, UEFI PXE"
    assert words in told


def test_for_a_program() -> None:
    (told,) = json.loads(report_json(of(seen(in_use_by="52:54:00:aa:aa:aa"))))
    assert (told["interface"], told["healthy"]) == ("eth0", False)
    assert [one["name"] for one in told["findings"]] == ["address-in-use"]
    assert told["seen"]["tftp"][1]["begins"] == b"MZ".hex()
    assert told["seen"]["expected"]["subnet"] == "10.7.0.0/24"
