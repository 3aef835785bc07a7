"""What has to change at one name so that its owner has what it wants there. Pure.

| at the name stands | wanted | comes to |
| --- | --- | --- |
| nothing, nobody's claim | records | they and the claim are made |
| just these records, nobody's claim | records | nothing: somebody made them by hand, and they stay theirs |
| other records, nobody's claim | records | NameTakenError |
| records that are in no claim to it, beside those that are | records | NameTakenError |
| an alias, or IPv6 addresses, or another zone's name | records | NameTakenError |
| another owner's records | the same | one more claim; they stand until nobody wants them |
| another owner's records | others | ContributionRefusedError; of a PTR nothing: its first owner has it |
| ours, or what is left of them | records | what differs is made, taken away, or both |
| ours | nothing | they go, but for those in another's claim; what was made by hand stays |

A PTR is nobody's own wish but follows from an address. So one that was made by hand stays where the name
that it leads to leads back to the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from harmony.infra.dynamic_dns.claim import Claim, Kind
from harmony.infra.dynamic_dns.zone_copy import Standing, ZoneCopy
from harmony.infra.errors import ContributionRefusedError, NameTakenError
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

RIVALS = {"A": ("CNAME", "AAAA"), "PTR": ("CNAME",)}
"""What says by itself, beside records of the type, where a name leads."""


@dataclass(frozen=True, slots=True)
class NameChange:
    """`before` and `claims_before` are what the change goes by: all is as it was, or it isn't made."""

    name: str
    kind: Kind
    before: Standing | None
    claims_before: frozenset[Claim]
    removed: frozenset[str]
    added: frozenset[str]
    ttl: int
    claims_after: frozenset[Claim]

    @property
    def what(self) -> str:
        """Such as `api.home.example A +10.7.0.10 -10.7.0.9`."""
        if self.removed == self.added == frozenset():
            new = self.claims_after - self.claims_before
            return f"{self.name} {self.kind} {'claimed' if new else 'given up'}"
        added = (f"+{value}" for value in sorted(self.added))
        removed = (f"-{value}" for value in sorted(self.removed - self.added))
        return " ".join((self.name, self.kind, *added, *removed))


def plan_name(
    copy: ZoneCopy,
    name: str,
    owner: str,
    wish: Claim | None,
    leads_back: Callable[[str], bool],
) -> NameChange | None:
    """None: nothing. `leads_back` says of a name whether it leads to the address that `name` is.

    Raises NameTakenError and ContributionRefusedError.
    """
    before = copy.claims(name)
    if before is None:
        raise NameTakenError(
            f"{name}: what stands at _harmony.{name} is no claim of ours: delete it"
        )
    mine = next((claim for claim in before if claim.owner == owner), None)
    others = before - {mine}
    if wish is not None and wish.kind == "PTR" and _is_others(wish, others):
        wish = None
    if wish is not None:
        _refuse_others(name, wish, others)
        if _is_left_alone(copy, name, wish, before, leads_back):
            return None
        return _change(copy, name, wish.kind, before, others | {wish})
    return None if mine is None else _change(copy, name, mine.kind, before, others)


def _is_others(wish: Claim, others: Iterable[Claim]) -> bool:
    return any(claim.values != wish.values for claim in others)


def _refuse_others(name: str, wish: Claim, others: Iterable[Claim]) -> None:
    for claim in others:
        if claim.values != wish.values or claim.kind != wish.kind:
            collision = Diagnostic(
                Code.COLLIDING_RECORDS,
                f"{claim.owner} and {wish.owner} give {name} different addresses",
                notes=tuple(f"{one.owner}: {_words(one.values)}" for one in (claim, wish)),
                help=("a name belongs to one of them: use another name in the other",),
            )
            raise ContributionRefusedError(
                f"{wish.owner} can't have {name}: {claim.owner} gave it {_words(claim.values)}",
                (collision,),
            )


def _is_left_alone(
    copy: ZoneCopy,
    name: str,
    wish: Claim,
    claims: frozenset[Claim],
    leads_back: Callable[[str], bool],
) -> bool:
    """Whether the wish is fulfilled by another hand. Raises NameTakenError if that hand is in its way."""
    if cut := copy.cut_above(name):
        raise NameTakenError(
            f"{name} can't be made here: from {cut} on another zone has the names. Declare that one, "
            "with the server that serves it"
        )
    for rival in RIVALS[wish.kind]:
        if found := copy.standing(name, rival):
            raise _taken(name, rival, found.values)
    standing = copy.standing(name, wish.kind)
    if standing is None:
        return False
    by_hand = standing.values - _values(claims)
    if not by_hand:
        return False
    if not claims and standing.values == wish.values:
        return True
    if not claims and wish.kind == "PTR" and all(map(leads_back, by_hand)):
        return True
    raise _taken(name, wish.kind, by_hand)


def _taken(name: str, kind: str, values: frozenset[str]) -> NameTakenError:
    return NameTakenError(
        f"{name} has {kind} {_words(values)}, made by hand: it is never overwritten. Delete it from "
        "the zone, or take the name out of the declaration"
    )


def _change(
    copy: ZoneCopy, name: str, kind: Kind, before: frozenset[Claim], after: frozenset[Claim]
) -> NameChange | None:
    standing = copy.standing(name, kind)
    current = standing.values if standing else frozenset[str]()
    ours = current & _values(before)
    wanted = _values(after)
    ttl = min((claim.ttl for claim in after), default=0)
    removed, added = ours - wanted, wanted - current
    if standing and standing.ttl != ttl and ours == current:  # a TTL is that of all of them
        removed, added = ours, wanted
    if not removed and not added and before == after:
        return None
    return NameChange(name, kind, standing, before, removed, added, ttl, after)


def _values(claims: Iterable[Claim]) -> frozenset[str]:
    return frozenset(value for claim in claims for value in claim.values)


def _words(values: Iterable[str]) -> str:
    return ", ".join(sorted(values))
