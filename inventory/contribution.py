"""What one owner (the site, a Score) wants the boot services to serve: one document, put whole.

The daemon serves the merge of all contributions and understands nothing else of a declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from inventory.site import Site


@dataclass(frozen=True, slots=True)
class Artifact:
    """A finished file on the jump host: `size` in bytes, `path` absolute, known by its content."""

    name: str
    sha256: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """An A record: `name` is fully qualified, lower case, without the last dot; `ttl` seconds. An address
    has the name of its first record; with `reverse` it has this one too. It never has a wildcard's."""

    name: str
    address: str
    ttl: int = 60
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Ramdisk:
    """What a machine boots over the network to be discovered and installed."""

    kernel: Artifact
    initrd: Artifact
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """What is to be on a host's disk. `ignition` is the finished config: secret, never shown again.

    `arguments` are kernel arguments of every boot of the installed system.
    """

    host: str
    image: Artifact
    ignition: str = field(repr=False)
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One owner's whole wish. Only the owner `site` gives `site` and `owners`: all others that still have
    a wish. What those who are not among them wished before is dropped with it; None drops nothing."""

    owner: str
    site: Site | None = None
    records: tuple[DnsRecord, ...] = ()
    ramdisk: Ramdisk | None = None
    installations: tuple[Installation, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    owners: tuple[str, ...] | None = None
