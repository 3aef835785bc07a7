"""Names as zones compare them: labels in lower case (RFC 4343), without the root; and which of them are
addresses read backwards (RFC 1035, 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import TypeAlias

Labels: TypeAlias = tuple[bytes, ...]

WILDCARD = b"*"
_REVERSE: Labels = (b"in-addr", b"arpa")
_WHOLE_REVERSE_NAME = 4 + len(_REVERSE)


def labels_of(name: str) -> Labels:
    """Of a name as declarations have it; the last dot makes no difference."""
    return tuple(name.rstrip(".").lower().encode().split(b".")) if name.rstrip(".") else ()


def text_of(labels: Labels) -> str:
    """`home.example`, of labels that come from a declaration."""
    return b".".join(labels).decode()


def and_above(labels: Labels) -> Iterator[Labels]:
    """The name and every name above it but the root's."""
    return (labels[at:] for at in range(len(labels)))


def is_wildcard(labels: Labels) -> bool:
    """RFC 4592, 2.1.1: only a first label that is one asterisk makes one."""
    return labels[:1] == (WILDCARD,) and len(labels) > 1


def reverse_name(address: IPv4Address) -> Labels:
    return labels_of(address.reverse_pointer)


def is_reverse(labels: Labels) -> bool:
    return labels[-2:] == _REVERSE


def address_of_reverse_name(labels: Labels) -> IPv4Address | None:
    """The address whose PTR the name is; None for any other name, one with part of it included."""
    if not is_reverse(labels) or len(labels) != _WHOLE_REVERSE_NAME:
        return None
    try:
        return IPv4Address(b".".join(labels[-3::-1]).decode())
    except (AddressValueError, UnicodeDecodeError):
        return None


def reverse_apexes(subnet: IPv4Network) -> tuple[Labels, ...]:
    """The zones in which the subnet's reverse names are. They end at the dots: `10.8.0.0/23` has two,
    and of a subnet smaller than /24 it is the one that others have a part of (RFC 2317)."""
    whole = min(24, -(-subnet.prefixlen // 8) * 8)
    parts = (
        [subnet.supernet(new_prefix=24)]
        if subnet.prefixlen > 24
        else subnet.subnets(new_prefix=whole)
    )
    return tuple(reverse_name(part.network_address)[4 - whole // 8 :] for part in parts)
