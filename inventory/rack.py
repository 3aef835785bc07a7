"""Racks, switches and cables, as the drawing on the wall shows them."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.declared import Declared


@dataclass(frozen=True)
class Rack(Declared):
    name: str
    room: str = ""


@dataclass(frozen=True)
class SwitchPort(Declared):
    """A port by the switch's own name for it, such as `1/1/4`."""

    switch: str
    port: str


@dataclass(frozen=True)
class Switch(Declared):
    name: str
    address: str | None = None
    model: str = ""
    rack: str | None = None


@dataclass(frozen=True)
class Cable(Declared):
    """`host` and the position of its NIC (from 1), and the switch port at the other end."""

    host: str
    nic: int
    to: SwitchPort
