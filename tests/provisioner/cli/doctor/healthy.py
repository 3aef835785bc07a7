"""What is seen on a network where all is well, to be changed by one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from provisioner.cli.doctor.observation import (
    Asked,
    Expected,
    HttpFetch,
    NameAnswer,
    Observations,
    Offer,
    TftpEnd,
    TftpFetch,
)

SERVER = "10.7.0.1"
SERVER_MAC = "52:54:00:00:00:01"
MAC = "02:48:50:07:00:99"
SCRIPT = f"http://{SERVER}/boot.ipxe?mac=02-48-50-07-00-99"
HTTP_BOOT = f"http://{SERVER}/ipxe/snponly.efi"
PROGRAMS = {
    Asked.BIOS: "undionly.kpxe",
    Asked.UEFI: "snponly.efi",
    Asked.IPXE: SCRIPT,
    Asked.UEFI_HTTP: HTTP_BOOT,
}
LAN = Expected(
    "lan",
    IPv4Address(SERVER),
    IPv4Network("10.7.0.0/24"),
    3600,
    (("ns.home.example", SERVER),),
)


def offer(asked: Asked, **changed: Any) -> Offer:
    program = PROGRAMS[asked]
    sound = Offer(
        asked=asked,
        server_mac=SERVER_MAC,
        source=SERVER,
        server_id=SERVER,
        address="10.7.0.150",
        next_server=SERVER,
        file=program,
        tftp_server=SERVER if asked in (Asked.BIOS, Asked.UEFI) else "",
        boot_file=program,
        vendor_class="HTTPClient" if asked is Asked.UEFI_HTTP else "",
        mask="255.255.255.0",
        router="",
        dns=(SERVER,),
        lease_time=3600,
        renewal=1800,
        rebinding=3150,
        after=0.01,
    )
    return replace(sound, **changed)


OFFERS = tuple(map(offer, Asked))
HEALTHY = Observations(
    interface="eth0",
    mac=MAC,
    waited=10.0,
    expected=LAN,
    offers=OFFERS,
    acknowledged=True,
    tftp=(
        TftpFetch(SERVER, "undionly.kpxe", TftpEnd.DONE, size=74_213, begins=b"\xea"),
        TftpFetch(SERVER, "snponly.efi", TftpEnd.DONE, size=173_792, begins=b"MZ"),
    ),
    http=(
        HttpFetch(Asked.IPXE, SCRIPT, 200, "", "text/plain", 300, b"#!ipxe\n"),
        HttpFetch(Asked.UEFI_HTTP, HTTP_BOOT, 200, "", "application/efi", 173_792, b"MZ"),
    ),
    names=(NameAnswer(SERVER, "ns.home.example", "NOERROR", (SERVER,), SERVER),),
)


def offers(**changed: Any) -> tuple[Offer, ...]:
    """All four, each changed so."""
    return tuple(offer(asked, **changed) for asked in Asked)


def seen(**changed: Any) -> Observations:
    return replace(HEALTHY, **changed)
