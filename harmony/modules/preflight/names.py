"""Do the names lead where they must, asked of every name server that the nodes will ask?

What has to resolve, and in which direction: openshift-docs, modules/installation-dns-user-infra.adoc. A
wildcard one level too high makes every name that is looked up with the cluster's search domain, `quay.io`
too, lead to the ingress (assisted-service, internal/host/validator.go: dns-wildcard-not-configured).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address

from harmony.domain.preflight.finding import Finding, Seen, Verdict
from harmony.modules.preflight.name_answer import NameAnswer, Resolver

_WORST = (Verdict.FAILURE, Verdict.PENDING, Verdict.SUCCESS)


Made = Callable[[Resolver], bool]
"""Whether `provisioner serve` makes the record at that name server, so that it may be missing before."""


def judge_address(
    answers: Sequence[NameAnswer], address: IPv4Address, record: str, made: Made
) -> Finding:
    """Every server says that address, and no other: nodes take any of several in turn. `record` is what
    the zone has to have: the name, or the wildcard that it is of."""

    def judged(answer: NameAnswer) -> tuple[Verdict, str]:
        if set(answer.values) == {str(address)}:
            return Verdict.SUCCESS, ""
        if answer.is_empty and made(answer.resolver):
            return Verdict.PENDING, f"{answer.resolver} doesn't have it yet"
        return Verdict.FAILURE, f"{answer.resolver} says {answer.says}"

    kept = f"{answers[0].name} leads to {address}"
    fix = f"in the zone at {_servers(answers)}: {record}. IN A {address}, and no other A record"
    return _judged(answers, judged, kept, f"{answers[0].name} should be {address}", fix)


def judge_reverse(
    answers: Sequence[NameAnswer],
    address: IPv4Address,
    names: Sequence[str],
    made: Made,
    *,
    alone: bool,
) -> Finding:
    """Every server says one of those names of the address. With `alone` no other: a node that has its name
    from there takes the first, and its certificates are made out to it."""
    name, right_ones = names[0], {name.casefold() for name in names}

    def judged(answer: NameAnswer) -> tuple[Verdict, str]:
        if answer.is_empty and made(answer.resolver):
            return Verdict.PENDING, f"{answer.resolver} doesn't have it yet"
        said = {value.casefold() for value in answer.values}
        right = bool(said & right_ones) and not (alone and said - right_ones)
        return (
            (Verdict.SUCCESS, "")
            if right
            else (
                Verdict.FAILURE,
                f"{answer.resolver} says {answer.says}",
            )
        )

    fix = f"in the zone at {_servers(answers)}: {address.reverse_pointer}. IN PTR {name}." + (
        ", and no other PTR record" if alone else ""
    )
    return _judged(answers, judged, f"{address} is {name}", f"{address} should be {name}", fix)


def judge_no_wildcard(answers: Sequence[NameAnswer]) -> Finding:
    """Names that nobody has given to anything lead nowhere."""

    def judged(answer: NameAnswer) -> tuple[Verdict, str]:
        if answer.code in ("NXDOMAIN", "NOERROR", "REFUSED") and not answer.values:
            return Verdict.SUCCESS, ""
        if answer.values:
            return Verdict.FAILURE, f"{answer.resolver} says {answer.says} of {answer.name}"
        return Verdict.FAILURE, f"{answer.resolver} says {answer.says} of a name that there isn't"

    domains = " and ".join(dict.fromkeys(f"*.{_above(one.name)}" for one in answers))
    wrong = [f"*.{_above(one.name)}" for one in answers if one.values]
    fix = (
        f"take the record {' and '.join(dict.fromkeys(wrong))} out: only *.apps below the cluster's domain"
        " is a wildcard"
        if wrong
        else f"see what is wrong with {_servers(answers)}"
    )
    kept = f"there is no wildcard {domains}"
    return _judged(answers, judged, kept, "a name that nobody has leads somewhere", fix)


def _judged(
    answers: Sequence[NameAnswer],
    judged: Callable[[NameAnswer], tuple[Verdict, str]],
    kept: str,
    wanted: str,
    fix: str,
) -> Finding:
    """The worst of what the servers come to, with the words of all that are as bad."""
    told = [_of_silent(one) if one.silence else judged(one) for one in answers]
    worst = next(verdict for verdict in _WORST if any(verdict is one for one, _ in told))
    words = list(dict.fromkeys(words for verdict, words in told if verdict is worst and words))
    seen: Seen = {"answers": tuple(f"{one.resolver}: {one.name}: {one.says}" for one in answers)}
    if worst is Verdict.SUCCESS:
        return Finding(worst, kept, seen)
    if worst is Verdict.PENDING:
        return Finding(worst, f"{wanted}: {'; '.join(words)}", seen, _SERVE)
    bad = [one for one, (verdict, _) in zip(answers, told, strict=True) if verdict is worst]
    mend = _to_be_reached(bad) if all(one.silence for one in bad) else fix
    return Finding(worst, f"{wanted}: {'; '.join(words)}", seen, mend)


def _of_silent(answer: NameAnswer) -> tuple[Verdict, str]:
    if answer.resolver.is_ours:
        return (
            Verdict.PENDING,
            f"the jump host's own name server, {answer.resolver}, doesn't run yet",
        )
    return Verdict.FAILURE, f"name server {answer.resolver} {answer.says}"


_SERVE = "nothing now: `provisioner serve` sees to it; run preflight again while that runs"


def _to_be_reached(silent: Sequence[NameAnswer]) -> str:
    return (
        f"see that a name server runs at {_servers(silent)} and that a firewall lets UDP and TCP port 53"
        " through, or give the network other servers: Network(dns=[…])"
    )


def _servers(answers: Iterable[NameAnswer]) -> str:
    return " and ".join(dict.fromkeys(str(one.resolver) for one in answers))


def _above(name: str) -> str:
    return name.partition(".")[2]
