"""The states of a machine on its way to being a host; the boot life cycle tells their meaning."""

from __future__ import annotations

from enum import StrEnum


class MachineState(StrEnum):
    DISCOVERED = "discovered"
    INVENTORIED = "inventoried"
    ASSIGNED = "assigned"
    INSTALLING = "installing"
    INSTALLED = "installed"
    READY = "ready"
    FAILED = "failed"
