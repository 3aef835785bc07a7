from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.codes import Code
from inventory.contribution import Contribution, DnsRecord
from provisioner.protocol.boot.desired import (
    collisions,
    ignition_digest,
    invalid_records,
    masked,
    masked_digest,
    merge,
)
from tests.provisioner.protocol.boot.values import IMAGE, INSTALLATION, RAMDISK, SITE

pytestmark = pytest.mark.unit

SITE_ONLY = Contribution("site", site=SITE)
CLUSTER = Contribution(
    "cluster",
    records=(DnsRecord("api.home.example", "10.7.0.11"),),
    ramdisk=RAMDISK,
    installations=(INSTALLATION,),
)


def codes(*contributions: Contribution) -> list[str]:
    return [one.code for one in collisions(contributions)]


def test_the_merge_has_everything() -> None:
    desired = merge([CLUSTER, SITE_ONLY])
    assert desired.site == SITE
    assert desired.records == CLUSTER.records
    assert desired.ramdisk == RAMDISK
    assert desired.installations == {"cp1": INSTALLATION}
    assert set(desired.artifacts) == {IMAGE.sha256, RAMDISK.kernel.sha256, RAMDISK.initrd.sha256}
    assert desired.host("cp1") == SITE.hosts[0]


def test_the_same_wish_twice_is_no_collision() -> None:
    assert codes(SITE_ONLY, CLUSTER, replace(CLUSTER, owner="twin")) == []


def test_colliding_wishes_are_all_named() -> None:
    other = Contribution(
        "other",
        site=SITE,
        records=(DnsRecord("api.home.example", "10.7.0.12"),),
        ramdisk=replace(RAMDISK, arguments="debug"),
        installations=(replace(INSTALLATION, arguments="debug"),),
    )
    found = collisions([SITE_ONLY, CLUSTER, other])
    assert [one.code for one in found] == [
        Code.SITE_OF_ANOTHER_OWNER,
        Code.COLLIDING_RAMDISKS,
        Code.COLLIDING_INSTALLATIONS,
        Code.COLLIDING_RECORDS,
    ]
    assert all("other" in one.message for one in found)
    assert found[-1].notes == ("cluster: 10.7.0.11", "other: 10.7.0.12")


def test_one_owner_may_give_a_name_several_addresses() -> None:
    two = (DnsRecord("api.x", "10.7.0.1"), DnsRecord("api.x", "10.7.0.2"))
    assert codes(Contribution("a", records=two), Contribution("b", records=two[::-1])) == []


def test_a_wildcard_is_a_name_like_any_other() -> None:
    wild, other = DnsRecord("*.apps.x", "10.7.0.1"), DnsRecord("*.apps.x", "10.7.0.2")
    exact = DnsRecord("shop.apps.x", "10.7.0.3")
    assert codes(Contribution("a", records=(wild,)), Contribution("b", records=(exact,))) == []
    assert codes(Contribution("a", records=(wild,)), Contribution("b", records=(other,))) == [
        Code.COLLIDING_RECORDS
    ]


def test_a_name_of_a_declared_host_is_that_hosts() -> None:
    same = Contribution("a", records=(DnsRecord("cp1.home.example", "10.7.0.11"),))
    other = Contribution("a", records=(DnsRecord("cp1.home.example", "10.7.0.66"),))
    assert codes(SITE_ONLY, same) == []
    assert codes(SITE_ONLY, other) == [Code.COLLIDING_RECORDS]


@pytest.mark.parametrize(
    "record",
    [
        DnsRecord("", "10.7.0.1"),
        DnsRecord("*", "10.7.0.1"),
        DnsRecord("*.", "10.7.0.1"),
        DnsRecord("*.*.x", "10.7.0.1"),
        DnsRecord("a.*.x", "10.7.0.1"),
        DnsRecord("*a.x", "10.7.0.1"),
        DnsRecord("A.x", "10.7.0.1"),
        DnsRecord("a.x.", "10.7.0.1"),
        DnsRecord("a..x", "10.7.0.1"),
        DnsRecord("a" * 64 + ".x", "10.7.0.1"),
        DnsRecord("\N{LATIN SMALL LETTER E WITH ACUTE}.x", "10.7.0.1"),
        DnsRecord("a.x", "10.7.0"),
        DnsRecord("a.x", "2001:db8::1"),
        DnsRecord("a.x", "10.7.0.1", -1),
        DnsRecord("a.x", "10.7.0.1", 2**31),
    ],
)
def test_what_is_no_record_is_named(record: DnsRecord) -> None:
    (found,) = invalid_records(Contribution("a", records=(record,)))
    assert found.code == Code.INVALID_RECORD
    assert found.message.startswith("a wants a DNS record that can't be served: ")


def test_a_masked_contribution_has_only_the_digest_of_the_secret() -> None:
    secret = replace(CLUSTER, installations=(replace(INSTALLATION, ignition="top secret"),))
    hidden = masked(secret)
    assert "top secret" not in repr(hidden)
    assert masked_digest(hidden.installations[0]) == ignition_digest("top secret")


def test_nothing_contributed_is_nothing_desired() -> None:
    desired = merge([])
    assert (desired.site, desired.hosts, desired.host("cp1")) == (None, (), None)
