"""Where Scores run: a topology is what its class says it can do, capability by capability."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar, Generic, Protocol, TypeVar, cast, runtime_checkable

from harmony.domain.outcome import Outcome


@runtime_checkable
class Topology(Protocol):
    """Methods only, never properties: on Python 3.11 `isinstance` would execute them.

    A class may list capabilities as `through_scores`: it has their methods, but they work only once
    a Score that provides them was carried out.
    """

    @abstractmethod
    def describe(self) -> str: ...

    @abstractmethod
    async def ensure_ready(self) -> Outcome: ...


T_co = TypeVar("T_co", bound=Topology, covariant=True)


class CompositeTopology(ABC, Generic[T_co]):
    """A topology made of topologies. It never inherits a capability: it has what all members have.

    A capability that it lifts is a method with an overload on the type of self and a decoy that
    nobody can call; docs/architecture.md shows the shape that both checkers enforce.
    """

    own: ClassVar[frozenset[Any]] = frozenset()
    """Capabilities it offers without asking its members."""

    @abstractmethod
    def members(self) -> tuple[T_co, ...]:
        """At least one."""

    @abstractmethod
    def describe(self) -> str: ...

    @abstractmethod
    async def ensure_ready(self) -> Outcome: ...


def capabilities(needs: type) -> Iterator[type]:
    """The Protocols in `needs` that declare methods of their own, Topology itself left out."""
    for cls in needs.__mro__:
        declares = any(
            getattr(value, "__isabstractmethod__", False) for value in vars(cls).values()
        )
        if declares and cls is not Topology:
            yield cls


def supports(offer: Topology | type, capability: type) -> bool:
    """Whether a topology, or every topology of a class, has `capability`, by its methods' names.

    A composite has what each of its members has; of a composite's class alone only what it owns
    can be said.
    """
    if isinstance(offer, type):
        if issubclass(offer, CompositeTopology):
            return capability in offer.own
        return issubclass(offer, capability)
    if not isinstance(offer, capability):
        return False
    if isinstance(offer, CompositeTopology) and capability not in offer.own:
        members = cast("CompositeTopology[Topology]", offer).members()
        return bool(members) and all(supports(member, capability) for member in members)
    return True


def through_scores(offer: Topology | type) -> frozenset[type]:
    """The capabilities that the topology has only once a Score has brought them about."""
    listed: frozenset[type] = getattr(offer, "through_scores", frozenset[type]())
    if isinstance(offer, CompositeTopology):
        members = cast("CompositeTopology[Topology]", offer).members()
        return listed.union(*map(through_scores, members)) - offer.own
    return listed
