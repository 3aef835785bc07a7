"""The versions of Ignition's spec, ordered. Source: https://coreos.github.io/ignition/specs/"""

from __future__ import annotations

from enum import IntEnum


class SpecVersion(IntEnum):
    """Its value is the minor number. 3.6 is known only as what a field may need: nothing here reads
    or writes it, since no release of OKD takes it yet."""

    V3_0 = 0
    V3_1 = 1
    V3_2 = 2
    V3_3 = 3
    V3_4 = 4
    V3_5 = 5
    V3_6 = 6

    @property
    def text(self) -> str:
        """As in `ignition.version`."""
        return f"3.{self.value}.0"
