"""By real name servers, BIND and Knot, with zones that people wrote things into by hand. What every
DnsServer does is in tests/harmony/domain/capability/test_dns_server.py."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from harmony.domain.capability.dns_server import DnsQuery
from harmony.domain.outcome import Change
from harmony.infra.dynamic_dns.server import DynamicDns
from harmony.infra.errors import (
    ContributionRefusedError,
    NameTakenError,
)
from inventory.contribution import DnsRecord
from tests.harmony.infra.dynamic_dns.asking import asked, dynamic_dns, ensure, wish
from tests.peers.name_servers import (
    FORWARD,
    REVERSE,
    NameServerChild,
)

pytestmark = pytest.mark.protocol


def serials(server: NameServerChild) -> tuple[int, int]:
    return server.serial(FORWARD), server.serial(REVERSE)


def test_a_change_is_told_and_the_second_call_sends_no_update(server: NameServerChild) -> None:
    records = (("node", "10.7.0.60"), ("*.node", "10.7.0.61"))
    told = ensure(server, "truth", *records)
    assert told == Change(
        True,
        "node.home.example A +10.7.0.60; *.node.home.example A +10.7.0.61; "
        "60.0.7.10.in-addr.arpa PTR +node.home.example",
    )
    before = serials(server)
    assert ensure(server, "truth", *records) == Change(False)
    assert serials(server) == before
    told = ensure(server, "truth", ("node", "10.7.0.62"))
    assert told == Change(
        True,
        "node.home.example A +10.7.0.62 -10.7.0.60; *.node.home.example A -10.7.0.61; "
        "62.0.7.10.in-addr.arpa PTR +node.home.example; 60.0.7.10.in-addr.arpa PTR -node.home.example",
    )
    assert server.ask(f"node.{FORWARD}") == ["10.7.0.62"]
    assert server.ask("62.0.7.10.in-addr.arpa", "PTR") == [f"node.{FORWARD}."]
    assert server.ask("60.0.7.10.in-addr.arpa", "PTR") == []
    assert ensure(server, "truth").changed


def test_who_made_a_name_stands_beside_it(server: NameServerChild) -> None:
    ensure(server, "beside", ("beside", "10.7.0.63"))
    claim = '"harmony=1" "owner=home/beside" "type=A" "ttl=60" "value=10.7.0.63"'
    assert server.ask(f"_harmony.beside.{FORWARD}", "TXT") == [claim]
    ensure(server, "beside")
    assert server.ask(f"_harmony.beside.{FORWARD}", "TXT") == []


TAKEN = {
    "another address": (("printer", "10.7.0.10"), r"printer\.home\.example has A 10\.7\.0\.9, made by hand"),
    "an alias": (("alias", "10.7.0.70"), r"has CNAME printer\.home\.example"),
    "an IPv6 address": (("six", "10.7.0.70"), "has AAAA fd00::6"),
    "another zone's": (("api.sub", "10.7.0.70"), r"from sub\.home\.example on another zone"),
    "no claim": (("odd", "10.7.0.70"), r"_harmony\.odd\.home\.example is no claim of ours"),
    "another PTR": (("new", "10.7.0.7"), r"7\.0\.7\.10\.in-addr\.arpa has PTR old\.home\.example"),
}  # fmt: skip


@pytest.mark.parametrize("record, why", TAKEN.values(), ids=TAKEN)
def test_made_by_hand_and_never_overwritten(
    server: NameServerChild, record: tuple[str, str], why: str
) -> None:
    """Nor is anything else changed that was wanted with it."""
    before = serials(server)
    with pytest.raises(NameTakenError, match=why):
        ensure(server, "taken", ("fine", "10.7.0.71"), record)
    assert serials(server) == before


def test_made_by_hand_just_so(server: NameServerChild) -> None:
    """It is as it is wanted, and stays theirs: nothing of it is claimed, changed or taken away."""
    before = serials(server)
    spec = wish("exact", ("exact", "10.7.0.8"))
    assert asked(server, lambda names: names.ensure_dns_records(spec), zones=(FORWARD,)) == Change(
        False, "no PTR for 10.7.0.8: in none of the zones"
    )
    assert ensure(server, "exact") == Change(False)
    assert serials(server) == before
    seen = asked(server, lambda names: names.observe_dns_records(DnsQuery((f"exact.{FORWARD}",))))
    assert seen == (DnsRecord(f"exact.{FORWARD}", "10.7.0.8", 3600),)


def test_a_pointer_by_hand_that_leads_back_stays(server: NameServerChild) -> None:
    server.by_hand(FORWARD, "update add inkjet.home.example 60 A 10.7.0.9")
    assert ensure(server, "back", ("back", "10.7.0.9")) == Change(
        True, "back.home.example A +10.7.0.9"
    )
    assert server.ask("9.0.7.10.in-addr.arpa", "PTR") == ["printer.home.example."]
    assert ensure(server, "back").what == "back.home.example A -10.7.0.9"


def test_one_more_by_hand_beside_ours(server: NameServerChild) -> None:
    ensure(server, "more", ("more", "10.7.0.72"))
    server.by_hand(FORWARD, "update add more.home.example 60 A 10.7.0.73")
    with pytest.raises(NameTakenError, match=r"has A 10\.7\.0\.73, made by hand"):
        ensure(server, "more", ("more", "10.7.0.72"))
    ensure(server, "more")
    assert server.ask(f"more.{FORWARD}") == ["10.7.0.73"]


def test_taken_away_or_changed_by_hand_and_put_right(server: NameServerChild) -> None:
    ensure(server, "right", ("right", "10.7.0.74"))
    server.by_hand(FORWARD, "update delete right.home.example A")
    assert ensure(server, "right", ("right", "10.7.0.74")).what == "right.home.example A +10.7.0.74"
    server.by_hand(
        FORWARD,
        "update delete right.home.example A",
        "update add right.home.example 5 A 10.7.0.74",
    )
    assert ensure(server, "right", ("right", "10.7.0.74")).changed
    assert ensure(server, "right", ("right", "10.7.0.74")) == Change(False)
    server.by_hand(FORWARD, "update delete _harmony.right.home.example TXT")
    with_claim = ensure(server, "right", ("right", "10.7.0.74"))
    assert (with_claim.changed, server.ask(f"right.{FORWARD}")) == (False, ["10.7.0.74"])
    server.by_hand(FORWARD, "update delete right.home.example A")
    ensure(server, "right")


def test_two_sites_in_one_zone(server: NameServerChild) -> None:
    ensure(server, "names", ("both", "10.7.0.75"), site="one")
    with pytest.raises(
        ContributionRefusedError,
        match=r"two/names can't have both\.home\.example: one/names gave it",
    ):
        ensure(server, "names", ("both", "10.7.0.76"), site="two")
    assert ensure(server, "names", ("both", "10.7.0.75"), site="two").what == (
        "both.home.example A claimed; 75.0.7.10.in-addr.arpa PTR claimed"
    )
    ensure(server, "names", site="one")
    assert server.ask(f"both.{FORWARD}") == ["10.7.0.75"]
    ensure(server, "names", site="two")
    assert server.ask(f"both.{FORWARD}") == []


def test_owners_that_are_declared_no_longer(server: NameServerChild) -> None:
    for site, owner in (("home", "kept"), ("home", "former"), ("other", "former")):
        ensure(server, owner, (f"{owner}-{site}", "10.7.0.77"), site=site)
    gone = asked(server, ensure_owners, owners=("kept",))
    assert gone.what.startswith("former-home.home.example A -10.7.0.77")
    assert asked(server, ensure_owners, owners=("kept",)) == Change(False)
    names = ("kept-home", "former-home", "former-other")
    assert [bool(server.ask(f"{name}.{FORWARD}")) for name in names] == [True, False, True]
    assert asked(server, ensure_owners).changed
    assert asked(server, ensure_owners, site="other").changed


async def ensure_owners(names: DynamicDns) -> Change:
    return await names.ensure_owners()


def test_the_pointer_of_an_address_is_its_first_owners(server: NameServerChild) -> None:
    ensure(server, "first", ("first", "10.7.0.78"))
    assert (
        ensure(server, "second", ("second", "10.7.0.78")).what == "second.home.example A +10.7.0.78"
    )
    ensure(server, "first")
    assert ensure(server, "second", ("second", "10.7.0.78")).what == (
        "78.0.7.10.in-addr.arpa PTR +second.home.example"
    )
    ensure(server, "second")


def test_many_at_once_all_arrive(server: NameServerChild) -> None:
    """Each from somewhere else: who is overtaken looks again."""
    owners = [f"crowd{at}" for at in range(4)]
    shared = tuple((f"shared{at}", f"10.7.1.{at}") for at in range(20))

    def at_once(wanted: tuple[tuple[str, str], ...]) -> None:
        def want(owner: str) -> Change:
            return ensure(server, owner, *wanted)

        with ThreadPoolExecutor(len(owners)) as threads:
            list(threads.map(want, owners))

    at_once(shared)
    claims = server.ask(f"_harmony.shared7.{FORWARD}", "TXT")
    assert [claim.split('" "')[1] for claim in claims] == [
        f"owner=home/{owner}" for owner in owners
    ]
    at_once(())
    assert (
        server.ask(f"_harmony.shared7.{FORWARD}", "TXT") == server.ask(f"shared7.{FORWARD}") == []
    )


def test_a_thousand_names(server: NameServerChild) -> None:
    records = tuple((f"n{at}.many", f"10.7.{at >> 8}.{at & 255}") for at in range(1024, 2048))
    told = ensure(server, "many", *records)
    assert told.what.startswith("n1024.many.home.example A +10.7.4.0; ")
    assert told.what.endswith("; and 2040 more")
    assert ensure(server, "many", *records) == Change(False)
    assert server.ask("255.7.7.10.in-addr.arpa", "PTR") == [f"n2047.many.{FORWARD}."]
    assert ensure(server, "many").changed


def test_one_that_goes_on_looking_sees_what_is_new(server: NameServerChild) -> None:
    """The copies that it has are brought up to date."""

    async def looking() -> tuple[Change, ...]:
        names = dynamic_dns()
        spec, none = wish("looking", ("looking", "10.7.0.79")), wish("looking")
        first = await names.ensure_dns_records(spec)
        again = await names.ensure_dns_records(spec)
        await asyncio.to_thread(server.by_hand, FORWARD, "update delete looking.home.example A")
        return (
            first,
            again,
            await names.ensure_dns_records(spec),
            await names.ensure_dns_records(none),
        )

    changes = server.namespace.call(lambda: asyncio.run(looking()))
    assert [change.changed for change in changes] == [True, False, True, True]
