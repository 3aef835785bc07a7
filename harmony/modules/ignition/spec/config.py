"""A whole config."""
# ruff: noqa: N815 - the spec's names

from __future__ import annotations

from typing import Annotated, Literal

from harmony.modules.ignition.spec.accounts import Passwd, Systemd
from harmony.modules.ignition.spec.disks import Disk, Filesystem, Raid
from harmony.modules.ignition.spec.luks import Luks
from harmony.modules.ignition.spec.nodes import Directory, File, Link
from harmony.modules.ignition.spec.part import KeySpace, Part, Since, Text, Whole
from harmony.modules.ignition.spec.resource import Resource
from harmony.modules.ignition.version import SpecVersion

VersionText = Literal["3.0.0", "3.1.0", "3.2.0", "3.3.0", "3.4.0", "3.5.0"]


class Timeouts(Part):
    """In seconds; 0 is without limit."""

    httpResponseHeaders: Whole | None = None
    httpTotal: Whole | None = None


class Tls(Part):
    certificateAuthorities: tuple[Resource, ...] = ()


class Security(Part):
    tls: Tls = Tls()


class Proxy(Part):
    httpProxy: Text | None = None
    httpsProxy: Text | None = None
    noProxy: tuple[Text, ...] = ()


class References(Part):
    """Other configs: one in place of this one, or several over it, later ones winning."""

    merge: tuple[Resource, ...] = ()
    replace: Resource = Resource()


class IgnitionSection(Part):
    version: VersionText
    config: References = References()
    timeouts: Timeouts = Timeouts()
    security: Security = Security()
    proxy: Annotated[Proxy, Since(SpecVersion.V3_1)] = Proxy()


class Storage(Part):
    disks: tuple[Disk, ...] = ()
    raid: tuple[Raid, ...] = ()
    luks: Annotated[tuple[Luks, ...], Since(SpecVersion.V3_2)] = ()
    filesystems: tuple[Filesystem, ...] = ()
    files: Annotated[tuple[File, ...], KeySpace("node")] = ()
    directories: Annotated[tuple[Directory, ...], KeySpace("node")] = ()
    links: Annotated[tuple[Link, ...], KeySpace("node")] = ()


class KernelArguments(Part):
    """An argument is wanted or unwanted: a child that names it decides anew."""

    shouldExist: Annotated[tuple[Text, ...], KeySpace("argument")] = ()
    shouldNotExist: Annotated[tuple[Text, ...], KeySpace("argument")] = ()


class Config(Part):
    ignition: IgnitionSection
    storage: Storage = Storage()
    systemd: Systemd = Systemd()
    passwd: Passwd = Passwd()
    kernelArguments: Annotated[KernelArguments, Since(SpecVersion.V3_3)] = KernelArguments()

    @property
    def version(self) -> SpecVersion:
        return SpecVersion(int(self.ignition.version.split(".")[1]))
