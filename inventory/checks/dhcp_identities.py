"""What DHCP knows a host by besides its MAC: can be sent, is its alone, and gets it an address."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.checks.finding import Findings, finding, first_place
from inventory.codes import Code
from inventory.host import Host
from inventory.site import Site
from inventory.text import written_bytes


def dhcp_identity_findings(site: Site) -> Findings:
    first: dict[tuple[str, object], Host] = {}
    for host in site.hosts:
        yield from _texts(host)
        for argument, identity in _identities(host):
            yield from _without_address(host, argument)
            other = first.setdefault((argument, identity), host)
            if other is not host:
                yield finding(
                    Code.DUPLICATE_IDENTITY,
                    f"hosts {other.name!r} and {host.name!r} have the same {argument}",
                    host,
                    argument,
                    label="already another host's",
                    help="DHCP could give a machine either address: leave it out of one",
                    notes=first_place(f"{other.name!r} has it", other, argument),
                )


def _identities(host: Host) -> Iterator[tuple[str, object]]:
    """Those that can be sent, by the argument."""
    if host.client_id is not None and (client_id := _bytes(host.client_id)):
        yield "client_id", client_id
    port = host.relay_port
    if port is not None and (circuit := _bytes(port.circuit_id)):
        yield "relay_port", (circuit, None if port.remote_id is None else _bytes(port.remote_id))


def _texts(host: Host) -> Findings:
    port = host.relay_port
    written: list[tuple[object, str, str | None]] = [(host, "client_id", host.client_id)]
    if port is not None:
        written += [(port, "circuit_id", port.circuit_id), (port, "remote_id", port.remote_id)]
    for value, argument, text in written:
        if text is not None and not 1 <= len(_bytes(text) or b"") <= 250:
            yield finding(
                Code.INVALID_OPTION,
                f"{text!r} is not what a DHCP message can say as {argument}",
                value,
                argument,
                label="not 1 to 250 bytes",
                help='ASCII text, or pairs of hex digits between colons: "00:04:00:07"',
            )


def _without_address(host: Host, argument: str) -> Findings:
    if host.address is None:
        yield finding(
            Code.NO_FIRST_ADDRESS,
            f"host {host.name!r} has no address that its {argument} could get it",
            host,
            argument,
            label="gets nothing",
            help='declare the address it is to have: address="…"',
        )


def _bytes(text: str) -> bytes | None:
    try:
        return written_bytes(text)
    except ValueError:
        return None
