"""Bytes for a file of a config: written into it, or fetched and verified at first boot."""

from __future__ import annotations

import gzip
from urllib.parse import quote

from harmony.modules.ignition.model import Resource, Verification
from harmony.modules.ignition.rfc2397 import encoded

# What RFC 2397 lets stand in a data: URL beside letters and digits; everything else is %-escaped.
_PLAIN = "-_.!~*'();/?:@&=+$,"


def inline(text: str) -> Resource:
    """`text` inside the config, as a data: URL (RFC 2397) that a person can still read."""
    return Resource(source="data:," + quote(text, safe=_PLAIN))


def packed(content: bytes) -> Resource:
    """`content` inside the config, compressed where that is shorter; equal content, equal bytes."""
    plain = Resource(source=encoded(content))
    smaller = gzip.compress(content, mtime=0)
    return (
        plain
        if len(smaller) >= len(content)
        else Resource(source=encoded(smaller), compression="gzip")
    )


def fetched(url: str, sha256: str) -> Resource:
    """What `url` (http or https) serves at first boot; refused if its sha256 (hex) is another."""
    return Resource(source=url, verification=Verification(hash=f"sha256-{sha256}"))
