from __future__ import annotations

from dataclasses import replace
from typing import Any

import pydantic
import pytest
from typing_extensions import override

from harmony.domain.judgement import judge, not_a_score
from harmony.domain.outcome import Change
from harmony.maestro import Maestro
from inventory.codes import Code
from inventory.diagnostic import Diagnostic, Place
from inventory.place import Reading, executing, place_of
from inventory.render import render_all
from tests.harmony.domain.composed import Desk
from tests.harmony.domain.test_order import Carpenter
from tests.harmony.scripted import Electrician, NeedsLight, Picture, Room, Shelf, Thing
from tests.typing.cast import Bare, Full, NamedTopology, NamesOnly, NamesScore

pytestmark = pytest.mark.unit

SOURCE = """\
def deploy(maestro):
    maestro.register(
        NamesScore(zone="home.example"),
    )
"""


def test_rendered_in_full() -> None:
    reading = Reading("site.py", SOURCE)
    names: dict[str, Any] = {"NamesScore": NamesScore}
    maestro = Maestro[Any](NamesOnly("rack-7"), topologies=(Bare, Full, NamesOnly))
    with executing(reading):
        exec(compile(SOURCE, "site.py", "exec"), names)
        names["deploy"](maestro)
    assert (
        render_all(maestro.compile(), {"site.py": SOURCE})
        == """\
error[HP0101]: NamesScore cannot run on topology "rack-7" (NamesOnly)
 --> site.py:3:9
  |
3 |         NamesScore(zone="home.example"),
  |         ^^^^^^^^^^ needs DhcpServer, which NamesOnly lacks
  = note: has: DnsServer
  = help: Full has DhcpServer

1 error"""
    )


def test_a_part_is_judged_at_the_place_of_its_whole_and_told_once() -> None:
    source = 'def deploy(maestro):\n    maestro.register(Desk("oak", ["atlas"]))\n'
    names: dict[str, Any] = {"Desk": Desk}
    maestro = Maestro[Any](Bare("rack-7"))
    with executing(Reading("site.py", source)):
        exec(compile(source, "site.py", "exec"), names)
        names["deploy"](maestro)
    assert {place_of(one) for one in maestro.scores} == {Place("site.py", 2, 22, 26)}
    (found,) = maestro.compile()
    assert found.message == 'Desk cannot run on topology "rack-7" (Bare)'
    assert found.label == "needs Shelf and Lamp, which Bare lacks"


def test_two_scores_that_want_the_same_thing_differently() -> None:
    assert judge([Thing("a"), Thing("a", "red")], Room()) == (
        Diagnostic(
            Code.CONFLICTING_SCORES,
            "two Scores want thing/a differently",
            label="wants it differently",
            help=("remove one, or give it another name",),
        ),
    )


@pydantic.dataclasses.dataclass(frozen=True)
class Shade(NeedsLight):
    """Its key has the electrician, where he is named."""

    colour: str = "grey"

    @override
    def key(self) -> str:
        return f"shade/{self.electrician}/{self.name}" if self.electrician else f"shade/{self.name}"

    @override
    def through(self, capability: type, provider: str) -> Shade:
        return replace(self, electrician=provider)


def test_the_only_provider_named_and_not_named_is_the_same() -> None:
    named, other = Shade("a", "joe", "red"), Shade("a")
    for scores in ([named, other, Electrician("joe")], [Electrician("joe"), other, named]):
        (found,) = judge(scores, Room())
        assert found.message == "two Scores want shade/joe/a differently"
    assert judge([replace(named, colour="grey"), other, Electrician("joe")], Room()) == ()
    both = [named, Shade("a", "ann"), Electrician("joe"), Electrician("ann")]
    assert judge(both, Room()) == ()


def test_capability_missing() -> None:
    assert judge([NamesScore("z")], NamesOnly("rack-7"), topologies=(Bare, Full, NamesOnly)) == (
        Diagnostic(
            Code.CAPABILITY_MISSING,
            'NamesScore cannot run on topology "rack-7" (NamesOnly)',
            label="needs DhcpServer, which NamesOnly lacks",
            notes=("has: DnsServer",),
            help=("Full has DhcpServer",),
        ),
    )


def test_judged_against_a_class_too() -> None:
    (finding,) = judge([NamesScore("z")], Bare)
    assert finding.message == "NamesScore cannot run on topology Bare"
    assert finding.help == ("no topology of this product has DnsServer and DhcpServer",)
    assert judge([NamesScore("z")], Full) == ()


def test_nothing_provides_what_comes_through_a_score() -> None:
    """Although the topology has the method: it works only once the provider was there."""
    assert judge([Picture("mona")], Room(), kinds=[Electrician, Thing]) == (
        Diagnostic(
            Code.NOTHING_PROVIDES,
            "nothing makes Lamp available",
            label="needs Lamp",
            help=("register one that provides it: Electrician",),
        ),
    )
    assert judge([Picture("mona"), Electrician()], Room(), kinds=[Electrician]) == ()
    assert judge([Picture("mona")], Room)[0].help == (
        "register one that provides it: no Score does",
    )


class LitRoom(Room):
    """Has light of its own."""

    through_scores = frozenset[type]()


def test_a_topology_that_has_it_itself_needs_no_provider() -> None:
    assert judge([Picture("mona")], LitRoom(), kinds=[Electrician]) == ()


class DarkRoom(NamedTopology, Shelf):
    """Where nobody can bring light: it hasn't the methods."""

    @override
    async def ensure_thing(self, spec: str) -> Change:
        return Change(False)


def test_a_provider_does_not_make_up_for_a_topology_without_the_methods() -> None:
    found = judge([Picture("mona"), Electrician()], DarkRoom("cellar"), kinds=[Electrician])
    assert [(one.code, one.message, one.label) for one in found] == [
        (
            code,
            f'{name} cannot run on topology "cellar" (DarkRoom)',
            "needs Lamp, which DarkRoom lacks",
        )
        for code, name in (("HP0101", "Picture"), ("HP0101", "Electrician"))
    ]


def test_a_provider_that_does_not_exist() -> None:
    scores = [NeedsLight("desk", "bob"), Electrician("joe"), Electrician("ann")]
    assert judge(scores, Room()) == (
        Diagnostic(
            Code.NOTHING_PROVIDES,
            "nothing called 'bob' makes Lamp available",
            label="needs Lamp of 'bob'",
            help=("name one that does: ann and joe",),
        ),
    )


def test_which_of_two_providers() -> None:
    scores = [NeedsLight("desk"), NeedsLight("bed", "joe"), Electrician("joe"), Electrician("ann")]
    assert judge(scores, Room()) == (
        Diagnostic(
            Code.WHICH_PROVIDER,
            'NeedsLight "desk" doesn\'t say whose Lamp it needs',
            label="which one is meant?",
            help=("name one of those that make it available: ann and joe",),
        ),
    )
    assert judge([NeedsLight("desk"), Electrician("joe"), Electrician("joe")], Room()) == ()


def test_the_same_score_twice_is_harmless() -> None:
    assert judge([Thing("a"), Thing("a")], Room()) == ()


def test_scores_that_wait_for_each_other() -> None:
    found = judge([Carpenter(), Electrician()], Room())
    assert [(d.code, d.notes) for d in found] == [
        ("HP0104", ('waits for Lamp, which Electrician "joe" provides',)),
        ("HP0104", ('waits for Shelf, which Carpenter "jane" provides',)),
    ]


@pytest.mark.parametrize(
    ("given", "what", "help"),
    [
        (
            [Thing("a")],
            "a list",
            "give its Scores one by one: register(a, b), or register(*scores)",
        ),
        (None, "a NoneType", "register takes Scores, such as InstalledHosts([m1])"),
        (Thing, "the class Thing", "make one of it: Thing(…)"),
    ],
)
def test_something_else_than_a_score(given: object, what: str, help: str) -> None:
    place = Place("site.py", 3, 5, 9)
    assert not_a_score(given, place) == Diagnostic(
        Code.NOT_A_SCORE,
        f"{what} is registered, which is no Score",
        place,
        what,
        help=(help,),
    )
