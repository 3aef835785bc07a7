from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from ipaddress import IPv4Network
from typing import Protocol

import pydantic
import pytest
from typing_extensions import override

from harmony.domain.capability import InstalledMachines
from harmony.domain.composition import with_parts
from harmony.domain.interpret import Interpret
from harmony.domain.order import AnyScore
from harmony.domain.score import Many, Score
from harmony.domain.site_judgement import hosts_in, judge_on_site
from harmony.domain.topology import Topology
from inventory import AnyBlank, Host, NameServer, Network, Nic, Site
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from tests.harmony.domain.test_document import Party
from tests.harmony.scripted import Put

pytestmark = pytest.mark.unit

W1 = Host("w1", nics=[Nic("52:54:00:07:00:12")], install_on=AnyBlank())
W2 = Host("w2", nics=[Nic("52:54:00:07:00:13")], install_on=AnyBlank())
LAN = Network("lan", "10.7.0.0/24", "eth1", "10.7.0.1")
SITE = Site("home", [LAN], [W1, W2])


@pydantic.dataclasses.dataclass(frozen=True)
class Even(Party):
    """Judges itself: an even number of rounds."""

    def check(self, site: Site) -> tuple[Diagnostic, ...]:
        odd = self.rounds % 2
        return (Diagnostic("HP0299", f"{self.rounds} is odd at {site.name}"),) if odd else ()


class MachinesTopology(Topology, InstalledMachines, Protocol): ...


@pydantic.dataclasses.dataclass(frozen=True)
class Cluster(Score[MachinesTopology]):
    """Installs its hosts and gives names addresses; only for the judgement."""

    name: str
    hosts: Many[Host]
    domain: str = "example"

    @override
    def key(self) -> str:
        return f"cluster/{self.name}"

    @override
    def interpret(self) -> Interpret[MachinesTopology]:
        return Put(self.name)

    def dns_names(self) -> tuple[str, ...]:
        return (f"api.{self.domain}", f"api-int.{self.domain}")


def test_scores_judge_themselves_on_the_site() -> None:
    scores = [Even("a", guests=[W1], rounds=3), Even("b", guests=[W2, Host("w9")], rounds=2)]
    assert judge_on_site(scores, SITE) == (
        Diagnostic("HP0299", "3 is odd at home"),
        Diagnostic(
            Code.HOST_NOT_OF_SITE,
            "Even \"b\" uses host 'w9', which the site doesn't have",
            label="not a host of the site",
            notes=("the site has: w1, w2",),
            help=("add it to the site: Site(…, hosts=[…, w9])",),
        ),
    )


@pydantic.dataclasses.dataclass(frozen=True)
class Rack(Party):
    """Holds hosts in every way that a field can."""

    top: list[Host] = field(default_factory=list[Host])
    spare: frozenset[Host] = frozenset()
    bays: Mapping[str, Sequence[Host]] = field(default_factory=dict[str, Sequence[Host]])
    rows: tuple[tuple[Host, ...], ...] = ()
    one: Host | None = None
    network: IPv4Network = IPv4Network("10.0.0.0/8")


@pytest.mark.parametrize(
    ("rack", "held"),
    [
        (Rack("r", guests=[]), []),
        (Rack("r", guests=[W1, W2]), [("guests", W1), ("guests", W2)]),
        (Rack("r", guests=[], top=[W1]), [("top", W1)]),
        (Rack("r", guests=[], spare=frozenset({W1})), [("spare", W1)]),
        (Rack("r", guests=[], bays={"4": [W1], "5": [W2]}), [("bays", W1), ("bays", W2)]),
        (Rack("r", guests=[], rows=((W1,), (W2,))), [("rows", W1), ("rows", W2)]),
        (Rack("r", guests=[], one=W1), [("one", W1)]),
    ],
)
def test_hosts_are_found_wherever_a_field_holds_them(
    rack: Rack, held: list[tuple[str, Host]]
) -> None:
    assert list(hosts_in(rack)) == held


def test_one_host_in_two_scores_that_install() -> None:
    scores: list[AnyScore] = [
        Cluster("a", [W1]),
        Cluster("b", [W2, W1], "b.example"),
        Party("c", guests=[W1]),
    ]
    assert judge_on_site(scores, SITE) == (
        Diagnostic(
            Code.HOST_IN_TWO_SCORES,
            'Cluster "a" and Cluster "b" both install host \'w1\'',
            label="installs it too",
            help=("a host has one system: take w1 out of one of them",),
        ),
    )


def test_one_name_in_two_scores() -> None:
    assert judge_on_site([Cluster("a", [W1]), Cluster("b", [W2])], SITE) == (
        Diagnostic(
            Code.NAME_IN_TWO_SCORES,
            'Cluster "a" and Cluster "b" both give api.example and api-int.example an address',
            label="gives it one too",
            help=("a name leads to one place: give one of them another domain",),
        ),
    )


@pydantic.dataclasses.dataclass(frozen=True)
class Installed(Cluster):
    """A cluster made of a smaller one of the same hosts and names."""

    @override
    def key(self) -> str:
        return f"installed/{self.name}"

    def parts(self) -> Sequence[Cluster]:
        return (Cluster(self.name, self.hosts, self.domain),)


def test_a_name_that_the_name_server_has_no_zone_for() -> None:
    server = NameServer("10.7.0.53", ["home.example", "7.10.in-addr.arpa"], "dns/home")
    site = replace(SITE, name_server=server)
    inside, outside = Cluster("a", [W1], "home.example"), Cluster("b", [W2], "athome.example")
    assert judge_on_site([inside], site) == ()
    (finding,) = judge_on_site([inside, outside], site)
    assert finding.code == Code.NAME_OUTSIDE_ZONES
    assert finding.message.startswith('Cluster "b" gives ')
    assert finding.notes == ("it has: home.example, 7.10.in-addr.arpa",)


def test_a_whole_and_its_part_share_hosts_and_names() -> None:
    assert judge_on_site(with_parts([Installed("a", [W1])]), SITE) == ()


def test_what_is_wrong_with_the_hosts_of_a_whole_is_told_once() -> None:
    scores = with_parts([Installed("a", [Host("w9", install_on=AnyBlank()), Host("w1")])])
    assert [one.code for one in judge_on_site(scores, SITE)] == [
        Code.HOST_NOT_OF_SITE,
        Code.HOST_NOT_OF_SITE,
        Code.NO_INSTALL_DISK,
    ]


def test_a_part_and_another_score_that_install_one_host() -> None:
    scores = with_parts([Installed("a", [W1]), Cluster("b", [W1], "b.example")])
    found = judge_on_site(scores, SITE)
    assert [one.message for one in found] == [
        'Installed "a" and Cluster "b" both install host \'w1\''
    ]


@pytest.mark.parametrize(
    "scores",
    [
        [Cluster("a", [W1]), Cluster("b", [W2], "b.example")],
        [Cluster("a", [W1]), Cluster("a", [W1])],  # the same, twice
        [Cluster("a", [W1]), Cluster("a", [W1, W2])],  # told already: they conflict
    ],
)
def test_nothing_is_claimed_twice(scores: Sequence[AnyScore]) -> None:
    assert judge_on_site(scores, SITE) == ()
