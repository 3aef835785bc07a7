"""Waivers judged before any check is made: each names a check there is, and says why."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator

from harmony.domain.preflight.result import Result
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import place_of, refused
from inventory.waiver import Waiver


def judge_waivers(waivers: Iterable[Waiver], known: Collection[str]) -> Iterator[Diagnostic]:
    """`known` are the names of all checks."""
    for waiver in waivers:
        if refused(waiver):
            continue
        if waiver.check not in known:
            yield _unknown(waiver, known)
        if not waiver.reason.strip():
            yield Diagnostic(
                Code.WAIVER_WITHOUT_REASON,
                f"the waiver of {waiver.check!r} doesn't say why",
                place_of(waiver, "reason") or place_of(waiver),
                "no reason",
                help=("say in a sentence why this may stay as it is",),
            )


def without_effect(waivers: Iterable[Waiver], results: Collection[Result]) -> Iterator[str]:
    """A sentence for each waiver that covers nothing that is in the way: it can be taken out."""
    for one in waivers:
        covered = [result for result in results if one.covers(result.check, result.subject)]
        if any(result.verdict.blocks for result in covered):
            continue
        of = f" of {one.subject}" if one.subject else ""
        why = "it doesn't fail" if covered else "nothing of the kind is looked at"
        yield f"the waiver of {one.check}{of} has no effect: {why}"


def _unknown(waiver: Waiver, known: Collection[str]) -> Diagnostic:
    near = difflib.get_close_matches(waiver.check, known, n=1, cutoff=0.6)
    return Diagnostic(
        Code.UNKNOWN_CHECK,
        f"there is no check {waiver.check!r}",
        place_of(waiver, "check"),
        "no such check",
        help=(f"did you mean {near[0]!r}?" if near else f"one of {', '.join(sorted(known))}",),
    )
