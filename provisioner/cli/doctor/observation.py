"""What was seen on a network by one that behaves like a machine there: values, without judgement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, ip_address

NOWHERE = "0.0.0.0"


class Asked(StrEnum):
    """As whom an address was asked for: the stages of a network boot, and its kinds of firmware."""

    BIOS = "BIOS PXE"
    UEFI = "UEFI PXE"
    IPXE = "iPXE"
    UEFI_HTTP = "UEFI HTTP boot"


PXE = (Asked.BIOS, Asked.UEFI)
"""They load a program by TFTP."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One answer to one DISCOVER. Addresses are as written, empty where the option isn't there; `file`
    is the header's, `boot_file` option 67, `tftp_server` option 66; times in seconds."""

    asked: Asked
    server_mac: str
    source: str
    server_id: str = ""
    address: str = NOWHERE
    next_server: str = NOWHERE
    file: str = ""
    tftp_server: str = ""
    boot_file: str = ""
    vendor_class: str = ""
    mask: str = ""
    router: str = ""
    dns: tuple[str, ...] = ()
    lease_time: int | None = None
    renewal: int | None = None
    rebinding: int | None = None
    after: float = 0.0

    @property
    def server(self) -> str:
        return self.server_id or self.source

    @property
    def is_proxy(self) -> bool:
        """It gives no address (PXE 2.1, proxyDHCP)."""
        return self.address == NOWHERE

    @property
    def program(self) -> str:
        """What is booted: option 67 goes before the header (EDK2 PxeBcDhcp4.c)."""
        return self.boot_file or self.file

    @property
    def loaded_from(self) -> str:
        """The TFTP server: siaddr, else option 66, else who answered."""
        if self.next_server != NOWHERE:
            return self.next_server
        return self.tftp_server or self.server

    @property
    def subnet(self) -> IPv4Network:
        """That of the offered address; a whole /24 where no mask says so."""
        return IPv4Network(f"{self.address}/{self.mask or '255.255.255.0'}", strict=False)


class TftpEnd(StrEnum):
    """How a download ended."""

    DONE = "done"
    MISSING = "missing"
    REFUSED = "refused"
    SILENT = "silent"
    CUT_OFF = "cut off"
    PORT_CLOSED = "port closed"
    PROHIBITED = "prohibited"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class TftpFetch:
    """`words` are the server's own, or the network's; `blocks` of 512 bytes if nothing was negotiated."""

    server: str
    file: str
    end: TftpEnd
    words: str = ""
    size: int = 0
    begins: bytes = b""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class HttpFetch:
    """`status` None: no answer, and `words` say why."""

    asked: Asked
    url: str
    status: int | None
    words: str = ""
    content_type: str = ""
    length: int | None = None
    begins: bytes = b""


@dataclass(frozen=True, slots=True)
class NameAnswer:
    """`code` is the server's, in DNS's words, empty if it was silent; `wanted` the right address."""

    server: str
    name: str
    code: str
    addresses: tuple[str, ...] = ()
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be seen: whose network it is, and what it says. `known_servers` and `withheld` are
    its daemon's own words, if it was asked."""

    network: str
    server: IPv4Address
    subnet: IPv4Network | None = None
    lease_time: int | None = None
    names: tuple[tuple[str, str], ...] = ()
    known_servers: tuple[str, ...] = ()
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Observations:
    """`in_use_by` is the MAC of somebody who has the offered address already; `acknowledged` is None
    if no lease was asked for, else whether it was given."""

    interface: str
    mac: str
    waited: float
    expected: Expected | None = None
    offers: tuple[Offer, ...] = ()
    in_use_by: str = ""
    acknowledged: bool | None = None
    tftp: tuple[TftpFetch, ...] = ()
    http: tuple[HttpFetch, ...] = ()
    names: tuple[NameAnswer, ...] = ()

    @property
    def own(self) -> tuple[Offer, ...]:
        """The expected server's offers; all of them if it is not known which that is, or silent."""
        return self.of_server(self.expected) or self.offers

    def of_server(self, expected: Expected | None) -> tuple[Offer, ...]:
        if expected is None:
            return ()
        return tuple(offer for offer in self.offers if offer.server == str(expected.server))

    def boots(self, asked: Asked) -> Offer | None:
        """The offer that such a machine boots by: a proxy's before another's."""
        with_program = [one for one in self.own if one.asked is asked and one.program]
        return min(with_program, key=lambda one: not one.is_proxy, default=None)

    @property
    def address_offer(self) -> Offer | None:
        """The one whose address a machine takes: of the expected server where it gives any."""
        giving = [one for one in (*self.own, *self.offers) if not one.is_proxy]
        return next(iter(giving), None)

    @property
    def address_servers(self) -> Iterator[Offer]:
        """The first offer of each server that gives addresses."""
        seen: set[tuple[str, str]] = set()
        for offer in self.offers:
            key = (offer.server, offer.server_mac)
            if not offer.is_proxy and key not in seen:
                seen.add(key)
                yield offer


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: what was seen, why it matters, what to do about it."""

    name: str
    what: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Examination:
    """One network's."""

    seen: Observations
    findings: tuple[Finding, ...] = field(default_factory=tuple[Finding, ...])


def is_address(written: str) -> bool:
    try:
        ip_address(written)
    except ValueError:
        return False
    return True


def is_url(written: str) -> bool:
    return written.lower().startswith(("http://", "https://"))
