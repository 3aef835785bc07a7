"""Encrypted volumes, and what opens them."""
# ruff: noqa: N815 - the spec's names

from __future__ import annotations

from typing import Annotated

from typing_extensions import override

from harmony.modules.ignition.spec.part import Appended, Flag, Keyed, Part, Since, Text, Whole
from harmony.modules.ignition.spec.resource import Resource
from harmony.modules.ignition.version import SpecVersion


class Tang(Keyed):
    """A server that gives a part of the key."""

    url: Text
    thumbprint: Text | None = None
    advertisement: Annotated[Text | None, Since(SpecVersion.V3_4)] = None

    @property
    @override
    def key(self) -> str:
        return self.url


class ClevisCustom(Part):
    pin: Text | None = None
    config: Text | None = None
    needsNetwork: Flag | None = None


class Clevis(Part):
    custom: ClevisCustom = ClevisCustom()
    tpm2: Flag | None = None
    tang: tuple[Tang, ...] = ()
    threshold: Whole | None = None


class Cex(Part):
    """An IBM Z crypto card."""

    enabled: Flag | None = None


class Luks(Keyed):
    """`openOptions` merge by their text, unlike `options`: so does the engine."""

    name: Text
    label: Text | None = None
    uuid: Text | None = None
    device: Text | None = None
    keyFile: Resource = Resource()
    wipeVolume: Flag | None = None
    clevis: Clevis = Clevis()
    cex: Annotated[Cex, Since(SpecVersion.V3_5)] = Cex()
    options: Annotated[tuple[Text, ...], Appended()] = ()
    discard: Annotated[Flag | None, Since(SpecVersion.V3_4)] = None
    openOptions: Annotated[tuple[Text, ...], Since(SpecVersion.V3_4)] = ()

    @property
    @override
    def key(self) -> str:
        return self.name
