"""How a Score is carried out on a topology, one pass at a time."""

from __future__ import annotations

from typing import Protocol, TypeVar

from harmony.domain.outcome import Outcome
from harmony.domain.topology import Topology

T_contra = TypeVar("T_contra", bound=Topology, contravariant=True)


class Interpret(Protocol[T_contra]):
    """Level-triggered: each pass ensures everything from the top, idempotently, and answers RUNNING
    at the first thing that is not there yet; it is then asked again. It never sleeps."""

    async def execute(self, topology: T_contra) -> Outcome: ...
