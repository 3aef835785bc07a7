"""Which Ignition texts are kept: those that a machine will still fetch, and no other."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.contribution import Contribution
from inventory.machine_state import MachineState
from provisioner.ports import Change, EraseIgnitions, Ignition, KeepIgnition
from provisioner.protocol.boot.desired import ignition_digest
from provisioner.serve.memory import Memory


def kept_anew(memory: Memory, contribution: Contribution) -> list[Change]:
    """Keep the contribution's configs that aren't kept yet, unless their machine is ready."""
    ready = {one.host for one in memory.machines.values() if one.state is MachineState.READY}
    wanted = (
        Ignition(wish.host, ignition_digest(wish.ignition), wish.ignition)
        for wish in contribution.installations
        if wish.host not in ready
    )
    return [KeepIgnition(one) for one in wanted if (one.host, one.sha256) not in memory.ignitions]


def erased(memory: Memory, before: Contribution | None, after: Contribution | None) -> list[Change]:
    """Erase the hosts' configs that neither the contribution that follows `before` (which is masked)
    nor an order under way names."""
    now = dict(_digests(after))
    was = () if before is None else before.installations
    hosts = {*now, *(wish.host for wish in was)}
    changes: list[Change] = []
    for host in sorted(hosts):
        but = {*_ordered(memory, host), *([now[host]] if host in now else [])}
        if any(key[0] == host and key[1] not in but for key in memory.ignitions):
            changes.append(EraseIgnitions(host, tuple(sorted(but))))
    return changes


def _digests(contribution: Contribution | None) -> Iterator[tuple[str, str]]:
    if contribution is not None:
        for wish in contribution.installations:
            yield wish.host, ignition_digest(wish.ignition)


def _ordered(memory: Memory, host: str) -> set[str]:
    under_way = (MachineState.INSTALLING, MachineState.INSTALLED)
    return {
        one.order.ignition_sha256
        for one in memory.machines.values()
        if one.host == host and one.order is not None and one.state in under_way
    }
