"""DnsServer by a name server that the site has, through dynamic updates.

Each pass looks at the zones first (`zone_copy`), plans every name (`name_plan`) before it changes one, and
sends updates only where something differs. Nothing is remembered here that a zone doesn't say: a pass that
was cut off anywhere is gone on with by the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from ipaddress import IPv4Address
from itertools import chain

from typing_extensions import override

from harmony.domain.capability.dns_server import DnsQuery, DnsRecords, DnsServer
from harmony.domain.capability.secret_vault import SecretQuery, SecretVault
from harmony.domain.outcome import Change
from harmony.infra.dynamic_dns.claim import Claim
from harmony.infra.dynamic_dns.exchange import Exchange
from harmony.infra.dynamic_dns.name_plan import NameChange, plan_name
from harmony.infra.dynamic_dns.tsig_key import TsigKey, read_key
from harmony.infra.dynamic_dns.update_message import update_messages
from harmony.infra.dynamic_dns.wishes import is_reverse, wishes_of
from harmony.infra.dynamic_dns.zone_copy import ZoneCopy
from harmony.infra.errors import ServiceRefusedError, ZoneKeyRefusedError
from inventory.contribution import DnsRecord
from inventory.name_server import NameServer, zone_of

ATTEMPTS = 5
"""How often all is looked at anew because somebody else changed a name meanwhile."""
MOST_TOLD = 8
_Copies = Mapping[str, ZoneCopy]
_Plan = Mapping[str, Sequence[NameChange]]
_NOBODY: Mapping[str, Claim] = {}


class DynamicDns(DnsServer):
    """`site` is what tells the claims of this site from another's in the same zone; `owners` are all whose
    wishes count, such as the keys of the declaration's Scores."""

    def __init__(
        self, server: NameServer, site: str, vault: SecretVault, owners: Iterable[str]
    ) -> None:
        self._server = server
        self._zones = tuple(server.zones)
        self._vault = vault
        self._owners = tuple(owners)
        self._site = site
        self._copies: dict[str, ZoneCopy] = {}
        self._turn = asyncio.Lock()

    @override
    async def ensure_dns_records(self, spec: DnsRecords) -> Change:
        """Raises NameTakenError and ContributionRefusedError before anything is changed; ZoneRefusedError,
        ZoneKeyRefusedError, ClocksApartError, ServiceUnreachableError and ServiceRefusedError."""
        owner = self._owner(spec.owner)
        wishes = wishes_of(owner, spec.records, self._zones)

        def plan(copies: _Copies) -> _Plan:
            return {zone: _planned(copies, zone, owner, wishes.claims[zone]) for zone in copies}

        change = await self._bring_about(plan)
        if not wishes.without_pointer:
            return change
        none = f"no PTR for {', '.join(wishes.without_pointer)}: in none of the zones"
        return Change(change.changed, "; ".join(filter(None, (change.what, none))))

    async def ensure_owners(self) -> Change:
        """What others of this site once wanted, such as Scores that are declared no longer, goes."""
        kept = {self._owner(owner) for owner in self._owners}

        def plan(copies: _Copies) -> _Plan:
            return {
                zone: tuple(
                    change
                    for owner in sorted(self._owners_in(copy) - kept)
                    for change in _planned(copies, zone, owner, _NOBODY)
                )
                for zone, copy in copies.items()
            }

        return await self._bring_about(plan)

    @override
    async def observe_dns_records(self, query: DnsQuery) -> tuple[DnsRecord, ...]:
        """What stands in the zones, wildcards as themselves; of no names given, what this site's owners
        have made."""
        async with self._turn:
            copies = await self._looked_at()
        if query.names:
            return tuple(chain.from_iterable(_standing(copies, name) for name in query.names))
        return tuple(
            record
            for zone, copy in copies.items()
            for name in sorted(copy.claimed_names())
            if not is_reverse(zone)
            for record in _made(copy, name, self._owner(""))
        )

    async def _bring_about(self, plan: Callable[[_Copies], _Plan]) -> Change:
        """All zones are planned before one is changed: a refusal leaves everything as it was."""
        done: list[str] = []
        async with self._turn:
            for _ in range(ATTEMPTS):
                planned = plan(await self._looked_at())
                if await self._carried_out(planned, done):
                    return Change(bool(done), _told(done))
        raise ServiceRefusedError(
            f"others change the same names in {', '.join(self._zones)} all the time: "
            f"{ATTEMPTS} times this was overtaken. Does another site's daemon run by the same name?"
        )

    async def _carried_out(self, planned: _Plan, done: list[str]) -> bool:
        """False if somebody was faster."""
        exchange = await self._exchange()
        for zone, changes in planned.items():
            for message, within in update_messages(zone, changes):
                if not await exchange.update(message):
                    return False
                done += [change.what for change in within]
        return True

    async def _looked_at(self) -> _Copies:
        for zone in self._zones:
            self._copies[zone] = await self._copy_of(zone)
        return self._copies

    async def _copy_of(self, zone: str) -> ZoneCopy:
        """What is known already is brought up to date; a server that can't has the whole zone to give."""
        exchange = await self._exchange()
        known = self._copies.pop(zone, None)
        if known is not None:
            with suppress(ServiceRefusedError):
                await exchange.transfer(known.zone)
                return known
        new = ZoneCopy.empty(zone)
        await exchange.transfer(new.zone)
        return new

    async def _exchange(self) -> Exchange:
        server = self._server
        return Exchange(server.address, server.port, await self._key())

    async def _key(self) -> TsigKey:
        """Asked for in each pass: another one may have been given."""
        name = self._server.key
        secret = await self._vault.observe_secret(SecretQuery(name))
        if secret is None:
            raise ZoneKeyRefusedError(
                f"the vault has no secret {name}, the key for {self._server.address}: `provisioner secrets "
                f"give {name} FILE`, with the key as `tsig-keygen` writes it"
            )
        return read_key(secret.private, name)

    def _owner(self, owner: str) -> str:
        return f"{self._site}/{owner}"

    def _owners_in(self, copy: ZoneCopy) -> set[str]:
        claims = (copy.claims(name) or () for name in copy.claimed_names())
        owners = {claim.owner for claim in chain.from_iterable(claims)}
        return {owner for owner in owners if owner.startswith(self._owner(""))}


def _told(done: Sequence[str]) -> str:
    """For a person, who wants to see what it is about."""
    more = (f"and {len(done) - MOST_TOLD} more",) if len(done) > MOST_TOLD else ()
    return "; ".join((*done[:MOST_TOLD], *more))


def _planned(
    copies: _Copies, zone: str, owner: str, wishes: Mapping[str, Claim]
) -> tuple[NameChange, ...]:
    """What is wanted, in that order, then what isn't any more."""
    copy = copies[zone]
    former = sorted(name for name in copy.claimed_names() if name not in wishes)
    planned = (
        plan_name(copy, name, owner, wishes.get(name), partial(_leads_to, copies, name))
        for name in (*wishes, *former)
        if name in wishes or _has_claim(copy, name, owner)
    )
    return tuple(change for change in planned if change is not None)


def _has_claim(copy: ZoneCopy, name: str, owner: str) -> bool:
    return any(claim.owner == owner for claim in copy.claims(name) or ())


def _leads_to(copies: _Copies, pointer: str, name: str) -> bool:
    """Whether the name leads to the address whose PTR `pointer` is."""
    addresses = (record.address for record in _standing(copies, name))
    return any(IPv4Address(address).reverse_pointer == pointer for address in addresses)


def _standing(copies: _Copies, name: str) -> Iterator[DnsRecord]:
    """The addresses of a name, whoever gave them; each TTL as it was wanted, where somebody did."""
    zone = zone_of(name, copies)
    found = None if zone is None else copies[zone].standing(name, "A")
    if zone is None or found is None:
        return
    claims = copies[zone].claims(name) or ()
    for value in sorted(found.values):
        wanted = {claim.ttl for claim in claims if value in claim.values}
        yield from (DnsRecord(name, value, ttl) for ttl in sorted(wanted or {found.ttl}))


def _made(copy: ZoneCopy, name: str, prefix: str) -> Iterator[DnsRecord]:
    """Those of the name's records that an owner made whose name begins so."""
    found = copy.standing(name, "A")
    wanted = {
        DnsRecord(name, value, claim.ttl)
        for claim in copy.claims(name) or ()
        if claim.owner.startswith(prefix)
        for value in claim.values
    }
    records = sorted(wanted, key=lambda record: (record.address, record.ttl))
    return (record for record in records if found and record.address in found.values)
