"""Users, groups and systemd's units: what a system has by name."""
# ruff: noqa: N815 - the spec's names

from __future__ import annotations

from typing import Annotated

from typing_extensions import override

from harmony.modules.ignition.spec.part import Flag, Keyed, Part, Since, Text, Whole
from harmony.modules.ignition.version import SpecVersion


class Named(Keyed):
    name: Text

    @property
    @override
    def key(self) -> str:
        return self.name


class User(Named):
    passwordHash: Text | None = None
    sshAuthorizedKeys: tuple[Text, ...] = ()
    uid: Whole | None = None
    gecos: Text | None = None
    homeDir: Text | None = None
    noCreateHome: Flag | None = None
    primaryGroup: Text | None = None
    groups: tuple[Text, ...] = ()
    noUserGroup: Flag | None = None
    system: Flag | None = None
    noLogInit: Flag | None = None
    shell: Text | None = None
    shouldExist: Annotated[Flag | None, Since(SpecVersion.V3_2)] = None


class Group(Named):
    gid: Whole | None = None
    passwordHash: Text | None = None
    system: Flag | None = None
    shouldExist: Annotated[Flag | None, Since(SpecVersion.V3_2)] = None


class Passwd(Part):
    users: tuple[User, ...] = ()
    groups: tuple[Group, ...] = ()


class DropIn(Named):
    contents: Text | None = None


class Unit(Named):
    enabled: Flag | None = None
    mask: Flag | None = None
    contents: Text | None = None
    dropins: tuple[DropIn, ...] = ()


class Systemd(Part):
    units: tuple[Unit, ...] = ()
