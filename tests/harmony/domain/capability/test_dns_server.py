"""What every DnsServer does: asked of each, and looked at with dig. A Score never knows which it has."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

import pytest

from examples.scores.alias import Alias
from harmony.domain.capability.dns_server import DnsQuery, DnsRecords
from harmony.domain.outcome import Status
from harmony.infra.errors import ContributionRefusedError
from harmony.modules.okd.cluster_names import OkdClusterNames
from inventory.codes import Code
from inventory.contribution import DnsRecord
from inventory.host import Host, Nic
from tests.harmony.domain.capability.name_places import PLACES, NamePlace
from tests.harmony.idempotence import assert_idempotent, outcome_on

pytestmark = pytest.mark.protocol


@pytest.fixture(scope="module", params=PLACES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[NamePlace]:
    with PLACES[str(request.param)](tmp_path_factory.mktemp("names")) as made:
        yield made


def test_a_name_is_served_and_the_same_wish_is_no_change(place: NamePlace) -> None:
    wish = ("one.home.example", "10.7.0.60")
    assert [place.ensure("one", wish).changed for _ in range(3)] == [True, False, False]
    assert place.answers("one.home.example") == ["10.7.0.60"]
    assert place.answers("60.0.7.10.in-addr.arpa", "PTR") == ["one.home.example."]


def test_what_is_wanted_no_more_goes(place: NamePlace) -> None:
    place.ensure("two", ("a.two.home.example", "10.7.0.61"), ("b.two.home.example", "10.7.0.62"))
    assert place.ensure("two", ("b.two.home.example", "10.7.0.63")).changed
    assert place.answers("a.two.home.example") == []
    assert place.answers("b.two.home.example") == ["10.7.0.63"]
    assert place.answers("61.0.7.10.in-addr.arpa", "PTR") == []
    assert [place.ensure("two").changed for _ in range(2)] == [True, False]
    assert place.answers("b.two.home.example") == []


def test_a_name_that_leads_to_several_addresses(place: NamePlace) -> None:
    records = (("many.home.example", "10.7.0.64"), ("many.home.example", "10.7.0.65"))
    assert place.ensure("many", *records).changed
    assert not place.ensure("many", *records).changed
    assert place.answers("many.home.example") == ["10.7.0.64", "10.7.0.65"]
    place.ensure("many", records[1])
    assert place.answers("many.home.example") == ["10.7.0.65"]


def test_a_wildcard(place: NamePlace) -> None:
    """It stands for every name below, but not for one that is there, and no address is its."""
    records = (
        ("*.apps.wild.home.example", "10.7.0.66"),
        ("own.apps.wild.home.example", "10.7.0.67"),
    )
    assert place.ensure("wild", *records).changed
    assert not place.ensure("wild", *records).changed
    assert place.answers("any.apps.wild.home.example") == ["10.7.0.66"]
    assert place.answers("a.b.apps.wild.home.example") == ["10.7.0.66"]
    assert place.answers("own.apps.wild.home.example") == ["10.7.0.67"]
    assert place.answers("66.0.7.10.in-addr.arpa", "PTR") == []
    place.ensure("wild")
    assert place.answers("any.apps.wild.home.example") == []


def test_an_address_is_its_first_records(place: NamePlace) -> None:
    place.ensure(
        "first", ("node.first.home.example", "10.7.0.68"), ("api.first.home.example", "10.7.0.68")
    )
    assert place.answers("68.0.7.10.in-addr.arpa", "PTR") == ["node.first.home.example."]


def test_what_is_observed(place: NamePlace) -> None:
    records = (
        DnsRecord("seen.home.example", "10.7.0.69"),
        DnsRecord("*.seen.home.example", "10.7.0.69", 300),
    )
    wish = DnsRecords("seen", records)
    place.asked(lambda server: server.ensure_dns_records(wish))
    names = tuple(record.name for record in records)
    assert set(observed(place, *names)) == set(records)
    assert observed(place, "below.seen.home.example", "other.home.example") == ()
    assert set(records) <= set(observed(place))
    place.ensure("seen")
    assert observed(place, *names) == ()


def test_two_owners_want_a_name_alike(place: NamePlace) -> None:
    """It stays for as long as one of them does."""
    wish = ("shared.home.example", "10.7.0.70")
    assert [place.ensure(owner, wish).changed for owner in ("left", "right")] == [True, True]
    assert [place.ensure(owner, wish).changed for owner in ("left", "right")] == [False, False]
    assert place.answers("shared.home.example") == ["10.7.0.70"]
    place.ensure("left")
    assert place.answers("shared.home.example") == ["10.7.0.70"]
    place.ensure("right")
    assert place.answers("shared.home.example") == []


def test_two_owners_want_a_name_differently(place: NamePlace) -> None:
    """The second is refused, with nothing of its wish carried out."""
    place.ensure("mine", ("disputed.home.example", "10.7.0.71"))
    with pytest.raises(ContributionRefusedError) as refused:
        place.ensure(
            "yours", ("fine.home.example", "10.7.0.72"), ("disputed.home.example", "10.7.0.73")
        )
    (collision,) = refused.value.diagnostics
    assert collision.code == Code.COLLIDING_RECORDS
    assert re.search(r"mine.* and .*yours.* give disputed\.home\.example", collision.message)
    assert place.answers("disputed.home.example") == ["10.7.0.71"]
    assert place.answers("fine.home.example") == []
    place.ensure("mine")
    assert place.ensure("yours", ("disputed.home.example", "10.7.0.73")).changed
    place.ensure("yours")


BAD = {
    "no name": DnsRecord("Not A Name.home.example", "10.7.0.74"),
    "no address": DnsRecord("bad.home.example", "10.7.0.256"),
    "no time": DnsRecord("bad.home.example", "10.7.0.74", -1),
}


@pytest.mark.parametrize("record", BAD.values(), ids=BAD)
def test_a_record_that_cannot_be_served(place: NamePlace, record: DnsRecord) -> None:
    wish = DnsRecords("bad", (DnsRecord("good.home.example", "10.7.0.75"), record))
    with pytest.raises(ContributionRefusedError) as refused:
        place.asked(lambda server: server.ensure_dns_records(wish))
    assert [one.code for one in refused.value.diagnostics] == [Code.INVALID_RECORD]
    assert place.answers("good.home.example") == []


CP1, W1 = (
    Host(name, [Nic(f"52:54:00:07:01:{at}")], address=f"10.7.0.{at}")
    for name, at in (("cp1", 81), ("w1", 82))
)
NAMES = OkdClusterNames(
    "okd", "home.example", api="10.7.0.80", ingress="10.7.0.83", hosts=[CP1, W1]
)
ANSWERS = {
    ("api.okd.home.example", "A"): ["10.7.0.80"],
    ("api-int.okd.home.example", "A"): ["10.7.0.80"],
    ("console-openshift-console.apps.okd.home.example", "A"): ["10.7.0.83"],
    ("cp1.okd.home.example", "A"): ["10.7.0.81"],
    ("w1.okd.home.example", "A"): ["10.7.0.82"],
    ("quay.io.okd.home.example", "A"): [],
    ("80.0.7.10.in-addr.arpa", "PTR"): ["api-int.okd.home.example.", "api.okd.home.example."],
    ("81.0.7.10.in-addr.arpa", "PTR"): ["cp1.okd.home.example."],
    ("82.0.7.10.in-addr.arpa", "PTR"): ["w1.okd.home.example."],
    ("83.0.7.10.in-addr.arpa", "PTR"): [],
}


def test_the_names_of_a_cluster(place: NamePlace) -> None:
    """Made, found to be there, a host taken out: the Score is the same everywhere."""
    assert_idempotent(place, NAMES)
    assert {one: place.answers(*one) for one in ANSWERS} == ANSWERS
    place.writes.clear()
    fewer = replace(NAMES, hosts=[CP1])
    assert outcome_on(place, fewer).status is Status.SUCCESS
    assert outcome_on(place, fewer).status is Status.NOOP
    assert (
        place.answers("w1.okd.home.example") == place.answers("82.0.7.10.in-addr.arpa", "PTR") == []
    )
    place.ensure(NAMES.key())


def test_an_alias(place: NamePlace) -> None:
    alias = Alias("registry.home.example", "10.7.0.84")
    assert_idempotent(place, alias)
    assert place.answers("registry.home.example") == ["10.7.0.84"]
    place.ensure(alias.key())


def observed(place: NamePlace, *names: str) -> tuple[DnsRecord, ...]:
    return place.asked(lambda server: server.observe_dns_records(DnsQuery(names)))
