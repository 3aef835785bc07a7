"""What can be wrong with what machines are told to boot."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address

from provisioner.cli.doctor.observation import (
    NOWHERE,
    PXE,
    Asked,
    Finding,
    Observations,
    Offer,
    is_address,
    is_url,
)

_PROGRAMS = (".kpxe", ".kkpxe", ".pxe", ".efi", ".0")


def no_boot_file(seen: Observations) -> Iterator[Finding]:
    for asked in Asked:
        offered = [one for one in seen.own if one.asked is asked]
        if offered and seen.boots(asked) is None:
            yield Finding(
                "no-boot-file",
                f"a machine in {asked} is offered an address, but nothing to boot"
                f" (by {', '.join(sorted({one.server for one in offered}))})",
                "its firmware says that there is no boot file, and goes on to its disk",
                "only the provisioner's own server gives boot files: see that it answers, or have the"
                " other server give next-server and file name",
            )


def wrong_next_server(seen: Observations) -> Iterator[Finding]:
    """Firmware would load its program from nowhere, or from somebody else."""
    ours = None if seen.expected is None else str(seen.expected.server)
    for asked in PXE:
        offer = seen.boots(asked)
        if offer is None or is_url(offer.program):
            continue
        if offer.next_server == NOWHERE and not offer.tftp_server:
            yield Finding(
                "no-next-server",
                f"{offer.server} names {offer.program} to {asked}, but no server to load it from",
                "some firmware then asks whoever answered, some gives up",
                "have that server fill in siaddr (next-server) and option 66",
            )
        elif ours is not None and offer.loaded_from != ours:
            yield Finding(
                "wrong-next-server",
                f"{asked} would load {offer.program} from {offer.loaded_from}, not from {ours}",
                "the machine boots what somebody else serves, or nothing",
                f"set next-server (siaddr and option 66) to {ours} in the server {offer.server}",
            )


def options_disagree(seen: Observations) -> Iterator[Finding]:
    """Two fields that say the same thing, differently: which one counts depends on the firmware."""
    found: dict[str, list[Asked]] = {}
    for offer in seen.own:
        for told in _contradictions(offer):
            found.setdefault(told, []).append(offer.asked)
    for told, who in found.items():
        yield Finding(
            "options-disagree",
            f"{told} (to {', '.join(who)})",
            "one machine believes the one, the next machine the other",
            "have the server say the same in both, or leave one out",
        )


def _contradictions(offer: Offer) -> Iterator[str]:
    if offer.file and offer.boot_file and offer.file != offer.boot_file:
        yield f"the header names the file {offer.file}, option 67 {offer.boot_file}"
    told = offer.tftp_server
    if is_address(told) and offer.next_server not in (NOWHERE, told):
        yield f"siaddr names the server {offer.next_server}, option 66 {told}"
    told = offer.server_id
    if is_address(told) and told != offer.source and IPv4Address(told) in offer.subnet:
        # elsewhere it is behind a relay, which sends under its own address
        yield f"option 54 says {offer.server_id}, and {offer.source} sent it"


def ipxe_loop(seen: Observations) -> Iterator[Finding]:
    offer = seen.boots(Asked.IPXE)
    if offer is None or not offer.program.lower().partition("?")[0].endswith(_PROGRAMS):
        return
    yield Finding(
        "ipxe-loop",
        f"iPXE is offered {offer.program}, a boot program, where it needs a script",
        "iPXE loads iPXE, which asks again and loads iPXE, for ever",
        f"have the server {offer.server} tell iPXE apart by option 77 (`iPXE`) or 175, and give it the"
        " script's URL",
    )


def not_by_http(seen: Observations) -> Iterator[Finding]:
    """UEFI HTTP boot takes only an offer that is marked, with an absolute URL (EDK2 HttpBootDhcp4.c)."""
    offer = seen.boots(Asked.UEFI_HTTP)
    if offer is None:
        return
    lacks: list[str] = []
    if not is_url(offer.program):
        lacks.append(f"{offer.program} is no absolute URL")
    if not offer.vendor_class.startswith("HTTPClient"):
        lacks.append("option 60 doesn't say HTTPClient")
    if lacks:
        yield Finding(
            "no-http-boot",
            f"{offer.server} offers {Asked.UEFI_HTTP} what it ignores: {' and '.join(lacks)}",
            "firmware that boots by HTTP passes such an offer over",
            "have the server answer it with option 60 `HTTPClient` and a whole http:// URL",
        )
