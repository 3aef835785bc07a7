"""Changes of names as messages (RFC 2136): each is carried out as a whole or not at all.

The prerequisites (section 2.4) say that at each name all is just as it was when the change was planned:
whoever was faster is never overwritten, and the server says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import dns.rdataclass
import dns.rdataset
import dns.rdatatype
import dns.update

from harmony.infra.dynamic_dns.claim import CLAIM_TTL, Claim, place_of
from harmony.infra.dynamic_dns.name_plan import RIVALS, NameChange
from harmony.infra.dynamic_dns.zone_copy import Standing, absolute

MANY = 16 * 1024
"""Bytes after which another message is begun: a quarter of what one may have, as one name's records may
be many too."""


def update_messages(
    zone: str, changes: Iterable[NameChange]
) -> Iterator[tuple[dns.update.UpdateMessage, tuple[NameChange, ...]]]:
    """Without signatures. What belongs to one name is in one message. The TTLs of what is required or taken
    away are 0 (2.4, 2.5.4)."""
    message, within, size = _empty(zone), list[NameChange](), 0
    for change in changes:
        if size > MANY:
            yield message, tuple(within)
            message, within, size = _empty(zone), [], 0
        _require(message, change)
        _update(message, change)
        within.append(change)
        size += _size(change)
    if within:
        yield message, tuple(within)


def _empty(zone: str) -> dns.update.UpdateMessage:
    return dns.update.UpdateMessage(absolute(zone))


def _require(message: dns.update.UpdateMessage, change: NameChange) -> None:
    name, place = absolute(change.name), absolute(place_of(change.name))
    if change.claims_before:
        message.present(place, _txt(change.claims_before, ttl=0))
    else:
        message.absent(place, dns.rdatatype.TXT)
    if change.before is not None:
        message.present(name, _rdataset(change.kind, Standing(0, change.before.values)))
    else:
        message.absent(name, change.kind)
    for rival in RIVALS[change.kind] if change.added else ():
        message.absent(name, rival)


def _update(message: dns.update.UpdateMessage, change: NameChange) -> None:
    """What goes first: a record made again gets its new TTL."""
    name, place = absolute(change.name), absolute(place_of(change.name))
    if change.removed:
        message.delete(name, _rdataset(change.kind, Standing(0, change.removed)))
    if change.added:
        message.add(name, _rdataset(change.kind, Standing(change.ttl, change.added)))
    if gone := change.claims_before - change.claims_after:
        message.delete(place, _txt(gone, ttl=0))
    if new := change.claims_after - change.claims_before:
        message.add(place, _txt(new, ttl=CLAIM_TTL))


def _rdataset(kind: str, standing: Standing) -> dns.rdataset.Rdataset:
    final = "." if kind == "PTR" else ""
    texts = [f"{value}{final}" for value in sorted(standing.values)]
    return dns.rdataset.from_text_list(dns.rdataclass.IN, kind, standing.ttl, texts)


def _txt(claims: Iterable[Claim], ttl: int) -> dns.rdataset.Rdataset:
    texts = [_quoted(claim.strings()) for claim in claims]
    return dns.rdataset.from_text_list(dns.rdataclass.IN, "TXT", ttl, texts)


def _quoted(strings: Iterable[bytes]) -> str:
    """As a zone file has them (RFC 1035, 5.1), every byte that isn't a plain letter as its number."""
    return " ".join(
        '"' + "".join(chr(byte) if _is_plain(byte) else f"\\{byte:03}" for byte in string) + '"'
        for string in strings
    )


def _is_plain(byte: int) -> bool:
    return 0x20 <= byte < 0x7F and byte not in b'"\\'


def _size(change: NameChange) -> int:
    """About: names are compressed."""
    standing = change.before.values if change.before else frozenset[str]()
    values = (*standing, *change.removed, *change.added)
    claims = (*change.claims_before, *change.claims_after)
    strings = sum(len(string) + 1 for claim in claims for string in claim.strings())
    return 2 * len(change.name) + sum(len(value) + 16 for value in values) + strings + 100
