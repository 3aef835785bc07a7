"""What is to become of a cluster's installation assets: kept, made anew, or a person is asked first.

| bootstrap   | none yet | fresh, as declared | fresh, declared otherwise | past 12 h | past 24 h |
| not begun   | Make     | Keep               | Make                      | Make      | Make      |
| under way   | Make     | Keep               | Ask                       | Keep      | Ask       |
| complete    |          | Keep               | Keep                      | Keep      | Keep      |

What is made is a new generation: nothing is overwritten, and no machine is touched. Machines that were
installed out of an older generation trust another CA: `of_older_assets` names them, and each is reinstalled
at its operator's word. An installation that is under way is given up in the same way only: once its
bootstrap machine is ordered to be reinstalled, it is one that hasn't begun.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    ObservedInstallationAssets,
)
from harmony.domain.capability.installed_machines import MachineCondition
from harmony.modules.okd.asset_age import Bootstrap, Fresh, Late, Renew, Settled, judge_age
from inventory.machine_state import MachineState

_STATES_OF_AN_ORDER = (MachineState.INSTALLING, MachineState.INSTALLED, MachineState.READY)


@dataclass(frozen=True, slots=True)
class Make:
    """Generation `generation` is to be made."""

    generation: int
    reason: str


@dataclass(frozen=True, slots=True)
class Keep:
    """The latest are in use."""

    reason: str


@dataclass(frozen=True, slots=True)
class Ask:
    """They are good for nothing any more, and what there is of a cluster is not given up unasked."""

    reason: str


Decision = Make | Keep | Ask


def decide(
    seen: ObservedInstallationAssets,
    inputs_sha256: str,
    machines: Sequence[MachineCondition],
    bootstrap: str,
) -> Decision:
    """`machines` are the cluster's, and `bootstrap` the name of the one among them that begins it."""
    latest = seen.latest
    if latest is None:
        return Make(1, "none were made yet")
    how_far = progress(latest, machines, bootstrap)
    age = judge_age(latest.made_at, seen.at, how_far, of_these_assets(latest, machines))
    is_declared = latest.inputs_sha256 == inputs_sha256
    next_one = latest.generation + 1
    match age:
        case Settled():
            return Keep(age.reason)
        case Fresh() if is_declared:
            return Keep(age.reason)
        case Fresh() if how_far is Bootstrap.NOT_BEGUN:
            return Make(next_one, "the last ones were made of another declaration")
        case Fresh():
            return Ask(_asking("they were made of another declaration", bootstrap))
        case Renew() | Late() if how_far is Bootstrap.NOT_BEGUN:
            return Make(next_one, age.reason)
        case Renew() | Late():
            return Ask(_asking(age.reason, bootstrap))


def progress(
    latest: InstallationAssets, machines: Iterable[MachineCondition], bootstrap: str
) -> Bootstrap:
    """Of a cluster out of `latest`, as far as its machines tell."""
    if latest.settled:
        return Bootstrap.COMPLETE
    begun = any(
        one.host == bootstrap and one.on_its_own_disk and not _is_older(one, latest)
        for one in machines
    )
    return Bootstrap.UNDER_WAY if begun else Bootstrap.NOT_BEGUN


def of_these_assets(
    latest: InstallationAssets, machines: Iterable[MachineCondition]
) -> tuple[str, ...]:
    """The hosts that were installed, or are being, since `latest` were made."""
    return tuple(one.host for one in machines if _is_ordered(one) and not _is_older(one, latest))


def of_older_assets(
    latest: InstallationAssets, machines: Iterable[MachineCondition]
) -> tuple[str, ...]:
    """The hosts whose last order to install is older than `latest`, unless a cluster came out of them."""
    if latest.settled:
        return ()
    return tuple(one.host for one in machines if _is_ordered(one) and _is_older(one, latest))


def _is_ordered(machine: MachineCondition) -> bool:
    return machine.order is not None and machine.state in _STATES_OF_AN_ORDER


def _is_older(machine: MachineCondition, latest: InstallationAssets) -> bool:
    return machine.order is None or machine.order.at < latest.made_at.timestamp()


def _asking(reason: str, bootstrap: str) -> str:
    return (
        f"bootstrap is under way out of assets that won't carry it to its end: {reason};"
        f" `provisioner hosts reinstall {bootstrap}` begins it again, out of new ones"
    )
