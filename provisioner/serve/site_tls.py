"""HTTPS for all networks: one context, whose certificate follows the declaration and never ends.

The declaration says under which addresses and names this machine is reached. Connections that are open keep
the certificate they began with; the next ones get the new one, and nothing restarts.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from pathlib import Path

from inventory.text import ipv4_address, is_dns_name
from provisioner.ports import Event
from provisioner.protocol.boot.desired import Desired
from provisioner.serve.errors import CaUnusable
from provisioner.serve.site_ca import Covered, Issued, SiteCa
from provisioner.serve.whole_file import write_whole

FOLDER = "tls"
SERVER = "server.pem"
_LOOKED_EVERY = 1.0
"""Seconds."""


class SiteTls:
    """`state` is the daemon's folder, `clock` gives epoch seconds, `desired` what is declared now. The
    first certificate comes with the first `follow`. Raises CaUnusable."""

    def __init__(
        self,
        state: Path,
        desired: Callable[[], Desired],
        clock: Callable[[], float],
        log: Callable[[Event], None],
    ) -> None:
        self._desired = desired
        self._clock = clock
        self._log = log
        self._server = state / FOLDER / SERVER
        self.ca = SiteCa(state / FOLDER, clock())
        self._covered: Covered | None = None
        self._issued: Issued | None = None
        self._looked_at: Desired | None = None
        self._problem = ""
        self.context = _context()

    async def keep(self) -> None:
        """Follow the declaration and the clock until cancelled."""
        while True:
            await asyncio.sleep(_LOOKED_EVERY)
            self.follow()

    def follow(self) -> None:
        """To be called now and then: a new certificate where the last one doesn't do any more. Raises
        CaUnusable if there can't be a first one."""
        desired = self._desired()
        if desired is not self._looked_at or self._is_due():
            self._looked_at = desired
            self._cover(desired)

    def _cover(self, desired: Desired) -> None:
        covered = covered_by(desired)
        if not covered.addresses or (covered == self._covered and not self._is_due()):
            return
        now = self._clock()
        issued = self.ca.issue(covered, now)
        try:
            write_whole(self._server, issued.pem)
            self.context.load_cert_chain(self._server)
        except OSError as error:  # a full disk: the old one is good for weeks yet
            self._not_renewed(error, now)
            return
        self._covered, self._issued, self._problem = covered, issued, ""
        names = [*covered.names, *map(str, covered.addresses)]
        self._log(Event(now, "CertificateIssued", detail={"names": ", ".join(names)}))

    def _not_renewed(self, error: OSError, now: float) -> None:
        """Said once for as long as it is the same, and tried again all the time."""
        if self._issued is None:
            raise CaUnusable(f"{self._server}: {error.strerror}") from error
        self._looked_at = None
        if str(error) != self._problem:
            self._problem = str(error)
            self._log(Event(now, "CertificateNotRenewed", detail={"problem": self._problem}))

    def _is_due(self) -> bool:
        """Also when the clock was set back so far that it isn't valid yet."""
        now = self._clock()
        return self._issued is None or not self._issued.valid_from <= now < self._issued.renew_at


def covered_by(desired: Desired) -> Covered:
    """This machine's addresses, its name as the site's DNS server, and what records name it besides;
    nothing before there is a site."""
    networks = () if desired.site is None else desired.site.networks
    addresses = {network.ip_address for network in networks}
    return Covered.of(_names(desired, addresses), addresses)


def _names(desired: Desired, addresses: set[IPv4Address]) -> Iterator[str]:
    site = desired.site
    if site is not None and site.domain:
        yield f"ns.{site.domain}".lower()
    for record in desired.records:
        if ipv4_address(record.address) in addresses and _can_be_named(record.name):
            yield record.name


def _can_be_named(name: str) -> bool:
    """RFC 9525, 6.3: a star stands for the first label only."""
    return is_dns_name(name.removeprefix("*."))


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
