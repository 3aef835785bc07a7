from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from inventory import (
    AnyBlank,
    Bmc,
    Cable,
    Disk,
    DiskBySerial,
    DiskByWwn,
    Firmware,
    Host,
    InstallDisk,
    MatchRule,
    MayWipe,
    Network,
    Nic,
    NicModel,
    OperatorAtTheRack,
    Rack,
    RehearsedMachine,
    Site,
    Switch,
    SwitchPort,
    Waiver,
    WakeOnLan,
)
from inventory.contribution import Artifact, Contribution, DnsRecord, Installation, Ramdisk
from inventory.declaration import (
    NotADocumentError,
    canonical,
    contribution_json,
    declaration_document,
    digest,
    read_contribution,
    site_document,
)

pytestmark = pytest.mark.unit

texts = st.text(max_size=12)
maybe = st.none() | texts
numbers = st.integers(0, 2**40)
install_disks: st.SearchStrategy[InstallDisk] = st.one_of(
    st.builds(AnyBlank, numbers),
    st.builds(DiskBySerial, texts),
    st.builds(DiskByWwn, texts),
    st.builds(MayWipe, numbers),
)
bmcs: st.SearchStrategy[Bmc] = st.builds(WakeOnLan) | st.builds(OperatorAtTheRack)
rules = st.builds(
    MatchRule,
    numbers,
    numbers,
    firmware=st.none() | st.sampled_from(Firmware),
    rehearse_as=st.none() | st.builds(RehearsedMachine, numbers),
)
nics = st.builds(Nic, texts, maybe, st.sampled_from(NicModel), st.none() | numbers)
hosts = st.builds(
    Host,
    texts,
    st.lists(nics, max_size=2),
    maybe,
    st.sampled_from(Firmware),
    st.lists(st.builds(Disk, numbers, maybe, maybe, st.booleans()), max_size=2),
    st.none() | install_disks,
    st.none() | numbers,
    st.none() | numbers,
    maybe,
    maybe,
    bmcs,
    st.none() | rules,
    maybe,
    maybe,
)
networks = st.builds(
    Network, texts, texts, texts, texts, st.none() | st.tuples(texts, texts), maybe,
    st.lists(texts, max_size=2), st.lists(texts, max_size=2), st.none() | numbers, numbers,
)  # fmt: skip
sites = st.builds(
    Site,
    texts,
    st.lists(networks, max_size=2),
    st.lists(hosts, max_size=3),
    st.lists(st.builds(Rack, texts, texts), max_size=2),
    st.lists(st.builds(Switch, texts, maybe, texts, maybe), max_size=2),
    st.lists(st.builds(Cable, texts, numbers, st.builds(SwitchPort, texts, texts)), max_size=2),
    maybe,
    numbers,
    waivers=st.lists(st.builds(Waiver, texts, texts, maybe), max_size=2),
)
artifacts = st.builds(Artifact, texts, texts, numbers, texts)
contributions = st.builds(
    Contribution,
    texts,
    st.none() | sites,
    st.lists(st.builds(DnsRecord, texts, texts, numbers), max_size=3).map(tuple),
    st.none() | st.builds(Ramdisk, artifacts, artifacts, texts),
    st.lists(st.builds(Installation, texts, artifacts, texts, texts), max_size=2).map(tuple),
    st.lists(artifacts, max_size=2).map(tuple),
)


@given(contributions)
def test_a_contribution_comes_back_as_it_went(contribution: Contribution) -> None:
    text = contribution_json(contribution)
    back = read_contribution(text)
    assert back == contribution
    assert contribution_json(back) == text


@given(sites)
def test_a_site_comes_back_as_it_went(site: Site) -> None:
    assert TypeAdapter(Site).validate_json(canonical(site_document(site))) == site


@given(sites, sites)
def test_digests_are_equal_where_sites_are(one: Site, other: Site) -> None:
    assert (digest(site_document(one)) == digest(site_document(other))) == (one == other)


@given(st.permutations([{"kind": "a", "name": "x"}, {"kind": "a"}, {"kind": "b", "n": 1}]))
def test_the_order_of_scores_is_no_matter(scores: list[dict[str, Any]]) -> None:
    site = Site("home", [], [])
    document = declaration_document(site, scores)
    assert digest(document) == "c39067c98e61566d2c13d81a364bb2f48b655c134d1094221200087f103076e8"


def test_canonical_in_full() -> None:
    assert canonical({"b": [1, None, True], "a": "ä"}) == '{"a":"ä","b":[1,null,true]}'
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"owner":5}', '{"owner":"a","site":{}}', "\0"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotADocumentError, match="not a contribution"):
        read_contribution(text)


@given(st.binary())
def test_noise_is_refused_and_never_a_crash(noise: bytes) -> None:
    with pytest.raises(NotADocumentError):
        read_contribution(noise)
