from __future__ import annotations

from typing import Any

import pydantic
import pytest

from harmony.domain.judgement import judge, judge_on_site
from harmony.maestro import Maestro
from inventory import Host, Network, Nic, Site
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import Reading, executing
from inventory.render import render_all
from tests.harmony.domain.test_document import Party
from tests.harmony.domain.test_order import Carpenter
from tests.harmony.scripted import Electrician, Picture, Room, Thing
from tests.typing.cast import Bare, Full, NamesOnly, NamesScore

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


def test_two_scores_that_want_the_same_thing_differently() -> None:
    assert judge([Thing("a"), Thing("a", "red")], Room()) == (
        Diagnostic(
            Code.CONFLICTING_SCORES,
            "two Scores want thing/a differently",
            label="wants it differently",
            help=("remove one, or give it another name",),
        ),
    )


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


def test_nothing_provides_what_a_known_class_would() -> None:
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


def test_the_same_score_twice_is_harmless() -> None:
    assert judge([Thing("a"), Thing("a")], Room()) == ()


def test_scores_that_wait_for_each_other() -> None:
    found = judge([Carpenter(), Electrician()], Room())
    assert [(d.code, d.notes) for d in found] == [
        ("HP0104", ('waits for Lamp, which Electrician "joe" provides',)),
        ("HP0104", ('waits for Shelf, which Carpenter "jane" provides',)),
    ]


@pydantic.dataclasses.dataclass(frozen=True)
class Even(Party):
    """Judges itself: an even number of rounds."""

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        odd = self.rounds % 2
        return (Diagnostic("HP0299", f"{self.rounds} is odd at {site.name}"),) if odd else ()


def test_scores_judge_themselves_on_the_site() -> None:
    home = Host("w1", nics=[Nic("52:54:00:07:00:12")])
    lan = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")
    site = Site("home", [lan], [home])
    scores = [Even("a", guests=[home], rounds=3), Even("b", guests=[home, Host("w9")], rounds=2)]
    assert judge_on_site(scores, site) == (
        Diagnostic("HP0299", "3 is odd at home"),
        Diagnostic(
            Code.HOST_NOT_OF_SITE,
            "Even \"b\" uses host 'w9', which the site doesn't have",
            label="not a host of the site",
            notes=("the site has: w1",),
            help=("add it to the site: Site(…, hosts=[…, w9])",),
        ),
    )
