"""How the lab's memory is shared out among its machines; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kvm.errors import LabTooSmall
from kvm.lab.limits import Role


@dataclass(frozen=True, slots=True)
class Wish:
    """What a machine would have, what its role usually has, what it can't do without (MiB)."""

    name: str
    role: Role
    wanted_mib: int
    usual_mib: int
    least_mib: int


def shares(wishes: Sequence[Wish], limit_mib: int) -> tuple[int, ...]:
    """Everyone's wish if all of them fit into the limit, else the usual, else the least.

    Raises LabTooSmall, naming every machine and its least.
    """
    for share in (
        tuple(wish.wanted_mib for wish in wishes),
        tuple(wish.usual_mib for wish in wishes),
        tuple(wish.least_mib for wish in wishes),
    ):
        if sum(share) <= limit_mib:
            return share
    listed = ", ".join(f"{wish.name} {wish.least_mib}" for wish in wishes)
    needed = sum(wish.least_mib for wish in wishes)
    raise LabTooSmall(
        f"the machines need at least {needed} MiB ({listed}), and the lab may use {limit_mib} MiB"
    )
