"""Texts that must mean something: names, addresses, subnets. Readers are total: value or None."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network
from uuid import UUID

_HEX_PAIRS = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})+")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def is_dns_label(text: str) -> bool:
    """One part of a DNS name as hosts may have it (RFC 1123, section 2.1), in lower case."""
    return bool(_LABEL.fullmatch(text))


def is_dns_name(text: str) -> bool:
    """A full name of such parts, at most 253 letters, without the last dot."""
    return len(text) <= 253 and all(is_dns_label(label) for label in text.split("."))


def ipv4_address(text: str) -> IPv4Address | None:
    try:
        return IPv4Address(text)
    except ValueError:
        return None


def ipv4_network(text: str) -> IPv4Network | None:
    """The subnet, in CIDR notation with no host bits set."""
    try:
        return IPv4Network(text) if "/" in text else None
    except ValueError:
        return None


def nearest_network(text: str) -> IPv4Network | None:
    """What someone who wrote host bits into a subnet probably meant."""
    try:
        return IPv4Network(text, strict=False)
    except ValueError:
        return None


def is_machine_address(address: IPv4Address, subnet: IPv4Network) -> bool:
    """Whether a machine in `subnet` can have `address`: neither its first nor its last."""
    return address in subnet and address not in (subnet[0], subnet[-1])


def machine_addresses(subnet: IPv4Network) -> str:
    """Such as `10.7.0.1 to 10.7.0.254`."""
    return f"{subnet[min(1, subnet.num_addresses - 1)]} to {subnet[max(-2, -subnet.num_addresses)]}"


def written_bytes(text: str) -> bytes:
    """Bytes that a person writes as text, or as pairs of hex digits between colons; ValueError if the
    text is not ASCII."""
    if _HEX_PAIRS.fullmatch(text):
        return bytes.fromhex(text.replace(":", ""))
    return text.encode("ascii")


def uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
