"""What a name server says when it won't, and what to do about it then: response codes (RFC 1035, 4.1.1;
RFC 2136, 2.2) and TSIG errors (RFC 8945, 5.2), each as an error of ours."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

import dns.exception
import dns.rcode
import dns.tsig
from typing_extensions import override

from harmony.infra.errors import (
    ClocksApartError,
    ServiceRefusedError,
    ServiceUnreachableError,
    ZoneKeyRefusedError,
    ZoneRefusedError,
)
from inventory.errors import OperatorError, PeerError

OVERTAKEN = frozenset(
    {dns.rcode.YXDOMAIN, dns.rcode.YXRRSET, dns.rcode.NXDOMAIN, dns.rcode.NXRRSET}
)
"""Of an update: a prerequisite doesn't hold. Somebody was faster, and all has to be looked at again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, for the words of an error: `verb` is `update` or `transfer`."""

    server: str
    verb: str
    zone: str
    key: str

    @override
    def __str__(self) -> str:
        return f"{self.server}, asked for the {self.verb} of zone {self.zone} with key {self.key!r}"


_PERMISSION = {
    "update": "BIND: `allow-update { key %s; };` or an `update-policy` for A, PTR and TXT, in that zone; "
    "Knot: an acl with `key: %s` and `action: update`, in that zone's `acl`",
    "transfer": "BIND: `allow-transfer { key %s; };` in that zone; Knot: an acl with `key: %s` and "
    "`action: transfer`, in that zone's `acl`. What stands in the zone is read by a transfer",
}
_SERVFAIL = (
    "it has failed with it itself; its own log says why. Often: the zone has expired or did not load, its "
    "journal or file can't be written by the server's user, the disk is full"
)
_NOTAUTH = (
    "it is not the primary of that zone: create it there, or declare the server that serves it"
)
_WORDS: Mapping[dns.rcode.Rcode, tuple[type[OperatorError] | type[PeerError], str]] = {
    dns.rcode.NOTAUTH: (ZoneRefusedError, _NOTAUTH),
    dns.rcode.SERVFAIL: (ServiceUnreachableError, _SERVFAIL),
    dns.rcode.FORMERR: (ServiceRefusedError, "it calls the message malformed"),
    dns.rcode.NOTIMP: (ZoneRefusedError, "it knows no dynamic updates: declare the zone's primary"),
    dns.rcode.NOTZONE: (ZoneRefusedError, "a name is outside the zone as this server has it"),
}


def refusal(asked: Asked, rcode: dns.rcode.Rcode) -> OperatorError | PeerError:
    """The error of a response code that isn't NOERROR."""
    said = f"{asked}, says {dns.rcode.to_text(rcode)}"
    if rcode == dns.rcode.REFUSED:
        permission = _PERMISSION[asked.verb] % (asked.key, asked.key)
        return ZoneRefusedError(f"{said}: the key may not. {permission}")
    kind, words = _WORDS.get(rcode, (ServiceRefusedError, "nothing that it should say to this"))
    return kind(f"{said}: {words}")


_KEY = "Compare name, algorithm and secret of the key in the vault with those in the server's configuration"
_ABOUT_KEYS: Mapping[type[Exception], str] = {
    dns.tsig.PeerBadKey: "it knows no key of that name (BADKEY), or, if it is Knot, the zone no acl with it",
    dns.tsig.PeerBadSignature: "its key of that name has another secret (BADSIG)",
    dns.tsig.PeerBadTruncation: "it wants longer signatures (BADTRUNC)",
    dns.tsig.BadSignature: "its answer is signed with another secret",
    dns.tsig.BadKey: "its answer is signed with another key",
    dns.tsig.BadAlgorithm: "its answer is signed another way",
}
UNREADABLE = (dns.exception.DNSException, ValueError, LookupError, struct.error)
"""What reading an answer raises if it is none, or if something is wrong with its signature."""


def misread(asked: Asked, error: Exception) -> OperatorError | PeerError:
    """The error of one of UNREADABLE, but for those of time: see `clocks_apart`."""
    words = _ABOUT_KEYS.get(type(error))
    if words is not None:
        return ZoneKeyRefusedError(f"{asked}: {words}. {_KEY}")
    return ServiceRefusedError(f"{asked}: its answer can't be read ({error})")


def clocks_apart(asked: Asked, ahead: int | None) -> ClocksApartError:
    """`ahead` is by how many seconds the server's clock is before ours, if it said so."""
    by = (
        "too far from ours"
        if ahead is None
        else f"{abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'} ours"
    )
    return ClocksApartError(
        f"{asked}, says BADTIME: its clock is {by}. Run `date -u` on both, and put right NTP on the one that "
        "is wrong; this is tried again by itself"
    )


def unsigned(asked: Asked) -> ZoneKeyRefusedError:
    return ZoneKeyRefusedError(
        f"{asked.server} answers the {asked.verb} of zone {asked.zone} without a signature: anybody may have "
        f"said it, and it isn't believed. Is that the name server? {_KEY}"
    )


def unanswered(asked: Asked, why: str) -> ServiceUnreachableError:
    return ServiceUnreachableError(
        f"{asked.server} does not answer to the {asked.verb} of zone {asked.zone} by TCP: {why}. Is the name "
        "server running, and TCP port 53 open on the way there? What it had done is found out next time"
    )
