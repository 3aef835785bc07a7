"""A Score: what a person wants, as a value. Its base says what it needs of a topology.

    @pydantic.dataclasses.dataclass(frozen=True)
    class DnsScore(Score[DnsScoreTopology]):
        zone: str

reads like Rust's `impl<T: Topology + DnsServer> Score<T> for DnsScore`. A Score is a pydantic
dataclass (a BaseModel subclass would lose `__orig_bases__`), comparable, and JSON both ways.
"""

from __future__ import annotations

import typing
from abc import ABCMeta, abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Generic, Protocol, Self, TypeVar, runtime_checkable

from pydantic import AfterValidator
from typing_extensions import override

from harmony.domain.interpret import Interpret
from harmony.domain.topology import Topology
from inventory.declared import DeclaredType
from inventory.diagnostic import Diagnostic
from inventory.site import Site

T_contra = TypeVar("T_contra", bound=Topology, contravariant=True)
_Item = TypeVar("_Item")

Many = Annotated[Sequence[_Item], AfterValidator(tuple)]
"""A field that takes a list or a tuple and keeps a tuple: `hosts: Many[Host]`."""


class _ScoreType(DeclaredType, ABCMeta):
    """Notes where a Score was written; what its constructor refuses becomes a diagnostic."""


class Score(Generic[T_contra], metaclass=_ScoreType):
    """What is wanted. Contravariant: a Score that needs little runs on a topology that has much."""

    needs: ClassVar[Any]
    """The class between the brackets of its base; set by Python, not by hand."""
    provides: ClassVar[tuple[type, ...]] = ()
    """Capabilities that become available through this Score."""

    @override
    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for base in getattr(cls, "__orig_bases__", ()):
            if typing.get_origin(base) is Score:
                cls.needs = typing.get_args(base)[0]
        needs = getattr(cls, "needs", None)
        if needs is Any or not isinstance(needs, type):  # on 3.11 Any is a type
            raise TypeError(f"{cls.__name__} must say what it needs: Score[SomeTopology]")

    @abstractmethod
    def key(self) -> str:
        """What it makes, such as `kubernetes-cluster/home`: the owner of its contributions.

        Two different Scores with the same key want the same thing differently and are refused.
        """

    @abstractmethod
    def interpret(self) -> Interpret[T_contra]: ...

    def provider_of(self, capability: type) -> str | None:
        """The name (`name_of`) of the Score whose `capability` is meant; None: the only one."""
        return None

    def through(self, capability: type, provider: str) -> Self:
        """The same Score with `provider` named, where it named none: one thing has then one key."""
        return self


# Companions: what a Score may also be. Maestro looks for them by their method.


@runtime_checkable
class HasParts(Protocol):
    @abstractmethod
    def parts(self) -> Sequence[Score[Any]]:
        """The Scores that it is made of: carried out before it, its `interpret` is what remains to be done
        then. Total, also where `check` has findings; the same each time."""


@runtime_checkable
class HasReadiness(Protocol):
    @abstractmethod
    def readiness(self) -> Interpret[Any]:
        """Run after SUCCESS or NOOP; what waits for this Score waits for it too."""


@runtime_checkable
class HasSmokeTest(Protocol):
    @abstractmethod
    def smoke_test(self) -> Interpret[Any]:
        """Run after readiness: does it really do what it is for?"""


@runtime_checkable
class HasUpkeep(Protocol):
    @abstractmethod
    def upkeep(self) -> Interpret[Any]:
        """Run every few seconds from then on, for as long as Maestro keeps the site."""


@runtime_checkable
class HasCheck(Protocol):
    @abstractmethod
    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        """Judges itself against the site, without touching anything."""


@runtime_checkable
class HasDnsNames(Protocol):
    @abstractmethod
    def dns_names(self) -> tuple[str, ...]:
        """The full names that it gives addresses: a name is one Score's alone."""


def name_of(score: Score[Any]) -> str:
    """What it makes, without the kind: `home` where the key is `kubernetes-cluster/home`."""
    return score.key().partition("/")[2] or score.key()


def title(score: Score[Any]) -> str:
    """How messages name a Score: its class and what it makes."""
    return f'{type(score).__name__} "{name_of(score)}"'
