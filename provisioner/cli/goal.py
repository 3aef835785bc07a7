"""When a rehearsal is over: its hosts have reached a state, one has failed, or nothing gets on.

Pure: the daemon's views of the hosts in, a verdict out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.machine_state import MachineState
from provisioner.cli.patience import Patience

DONE = "done"
"""The goal beyond all states: every Score carried out and its smoke test passed."""

_ORDER = tuple(state for state in MachineState if state is not MachineState.FAILED)
_TOLD_TO_WAIT = (MachineState.INVENTORIED, MachineState.ASSIGNED)


@dataclass(frozen=True, slots=True)
class Reached:
    """Every host of the goal is in the state asked for, or past it."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """This host has failed, or has been silent for longer than is normal here."""

    host: str


@dataclass(frozen=True, slots=True)
class Stalled:
    """Every host is ready, but no Score has got on for longer than is normal here."""


Verdict = Reached | Stuck | Stalled


@dataclass(frozen=True, slots=True)
class Goal:
    """`until` is a MachineState or DONE; `hosts` are the names it is about. Scores of a `timed` rehearsal
    have all the time that it has."""

    hosts: tuple[str, ...]
    until: str = DONE
    timed: bool = False

    def judge(
        self,
        views: Mapping[str, Mapping[str, Any]],
        patience: Patience,
        now: float,
        *,
        building: bool = False,
    ) -> Verdict | None:
        """The verdict now; None while it goes on. Machines may wait while images are `building`."""
        states = {name: (views.get(name) or {}).get("state") for name in self.hosts}
        failed = [name for name, state in states.items() if state == MachineState.FAILED]
        if failed:
            return Stuck(failed[0])
        if self.until != DONE and all(self._far_enough(state) for state in states.values()):
            return Reached()
        return self._stuck(states, patience, now, building)

    def _far_enough(self, state: str | None) -> bool:
        return state is not None and _ORDER.index(MachineState(state)) >= _ORDER.index(
            MachineState(self.until)
        )

    def _stuck(
        self, states: Mapping[str, str | None], patience: Patience, now: float, building: bool
    ) -> Stuck | Stalled | None:
        for name, state in states.items():
            told_to_wait = state in _TOLD_TO_WAIT
            if state == MachineState.READY or (told_to_wait and building):
                patience.hear(name, now)
            elif patience.exhausted(name, now, told_to_wait=told_to_wait):
                return Stuck(name)
        if building or any(state != MachineState.READY for state in states.values()):
            patience.hear_scores(now)
        elif patience.scores_exhausted(now) and not self.timed:
            return Stalled()
        return None


def known_goals() -> Iterable[str]:
    """What `--until` takes."""
    return (*(str(state) for state in _ORDER), DONE)
