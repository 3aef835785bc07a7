"""One host's additions over a config that somebody else made and that must stay as it is.

The additions are a config of their own inside the pointer, merged after the untouched one: put into the
pointer itself they would lose against it, for a config gives way to those that it refers to. What the
untouched one refers to itself is merged before them too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from harmony.modules.ignition.contents import packed
from harmony.modules.ignition.emitting import LOWEST, emitted, outcome
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.model import (
    Config,
    ConfigReferences,
    IgnitionSection,
    Resource,
    Verification,
)
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.trust import trusting
from harmony.modules.ignition.version import SpecVersion


@dataclass(frozen=True, slots=True)
class Untouched:
    """A file such as an installer's, `document` byte for byte what `url` serves."""

    name: str
    url: str
    document: bytes


def pointer(
    untouched: Untouched,
    additions: Sequence[Layer],
    ca: str | None = None,
    at_most: SpecVersion = LOWEST,
) -> str:
    """The JSON of a config that fetches `untouched`, verified, and merges `additions` over it.

    `ca` (PEM) is whose certificate the server of an https `url` has. Refused, naming whose field it is,
    when the additions don't go with the file; ConfigRefused when the file is no config itself."""
    beneath = Layer(untouched.name, read(untouched.document, untouched.name))
    outcome((beneath, *additions))
    digest = Verification(hash=f"sha512-{hashlib.sha512(untouched.document).hexdigest()}")
    over = packed(emitted(additions, at_most).encode())
    merge = (Resource(source=untouched.url, verification=digest), over)
    references = Config(ignition=IgnitionSection(config=ConfigReferences(merge=merge)))
    trusted = [Layer.written("pointer", trusting(ca))] if ca else []
    return emitted([Layer.written("pointer", references), *trusted], at_most)
