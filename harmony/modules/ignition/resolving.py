"""What a machine makes of a config: its references fetched, verified and merged, as in the engine's
config_fetcher.go. Pure: what the servers would answer is given."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Mapping

from harmony.modules.ignition.errors import SourceRefused
from harmony.modules.ignition.merging import merge
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.rfc2397 import decoded
from harmony.modules.ignition.spec.config import Config, References
from harmony.modules.ignition.spec.resource import Resource

# No config is larger: one that is would fill the memory of the machine that reads it.
LARGEST = 64 << 20
# A config that refers to itself never ends.
DEEPEST = 16


def resolved(config: Config, served: Mapping[str, bytes], depth: int = 0) -> Config:
    """`config` with everything that it refers to, depth first; `served` are the bytes by URL.

    A replacement takes the place of all that the config says. The result refers to nothing."""
    if depth > DEEPEST:
        raise SourceRefused(f"configs refer to each other more than {DEEPEST} deep")
    references = config.ignition.config
    if references.replace.source:
        return _referred(references.replace, served, depth)
    whole = config
    for reference in references.merge:
        whole = merge(whole, _referred(reference, served, depth))
    section = whole.ignition.model_copy(update={"config": References()})
    return whole.model_copy(update={"ignition": section})


def content(resource: Resource, served: Mapping[str, bytes]) -> bytes:
    """The bytes that a file or a reference is of, decompressed and verified, or SourceRefused."""
    name, url = _name(resource), resource.source or "data:,"
    if url.startswith("data:"):
        found = decoded(url)
    elif url in served:
        found = served[url]
    else:
        raise SourceRefused(f"nothing is served at {name}")
    whole = _decompressed(found, name) if resource.compression == "gzip" else found
    _verify(whole, resource.verification.hash, name)
    return whole


def _referred(reference: Resource, served: Mapping[str, bytes], depth: int) -> Config:
    child = read(content(reference, served), _name(reference))
    return resolved(child, served, depth + 1)


def _name(resource: Resource) -> str:
    url = resource.source or ""
    return "a data: URL" if url.startswith("data:") else url


def _decompressed(found: bytes, name: str) -> bytes:
    try:
        whole = gzip.GzipFile(fileobj=io.BytesIO(found)).read(LARGEST + 1)
    except (OSError, EOFError, zlib.error):
        raise SourceRefused(f"{name} is not gzip, as its compression says") from None
    if len(whole) > LARGEST:
        raise SourceRefused(f"{name} is larger than {LARGEST} bytes when decompressed")
    return whole


def _verify(whole: bytes, expected: str | None, name: str) -> None:
    if expected is None:
        return
    function, _, digest = expected.partition("-")
    found = hashlib.new(function, whole).hexdigest()
    if found != digest.lower():
        raise SourceRefused(f"{name} has {function} {found}, not {digest}")
