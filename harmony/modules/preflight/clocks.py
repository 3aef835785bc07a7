"""Is there a clock to go by, and does the jump host's agree with it?

Certificates are valid from the moment in which this computer makes them: a machine whose clock is behind
refuses them until then. etcd warns of a second between two members (etcd, rafthttp/probing_status.go).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address

from harmony.domain.preflight.finding import Finding, Seen, failure, pending, success

TOLERANCE = 1.0
"""Seconds."""


class TimeSilence(StrEnum):
    """Why a time server says nothing."""

    TIMED_OUT = (
        "doesn't answer: the question or its answer is dropped on the way, or nobody is there"
    )
    PORT_CLOSED = "is there and no time server is: its UDP port 123 is closed"
    UNREACHABLE = (
        "can't be reached from the jump host: there is no route, or nobody has the address"
    )
    NO_NTP = "answers with something that is no NTP"


@dataclass(frozen=True, slots=True)
class TimeAnswer:
    """`offset` is by how many seconds the server is ahead of the jump host, give or take `error`; `kiss`
    the code with which it refuses."""

    server: IPv4Address
    offset: float = 0.0
    error: float = 0.0
    stratum: int = 0
    synchronized: bool = False
    kiss: str = ""
    silence: TimeSilence | None = None

    @property
    def disagrees(self) -> bool:
        """Whether the jump host's clock surely is another one than the server's."""
        return abs(self.offset) - self.error > TOLERANCE


def judge_server(answer: TimeAnswer) -> Finding:
    seen = _seen(answer)
    if answer.silence is not None:
        fix = (
            f"see that a time server runs at {answer.server}, serves this network (chrony: allow SUBNET)"
            " and that a firewall lets UDP port 123 through, or name another: Network(ntp=[…])"
        )
        return failure(f"{answer.server} {answer.silence}", seen, fix)
    if answer.kiss:
        fix = f"let the time server at {answer.server} serve this network (ntpd: restrict, limited)"
        return failure(f"{answer.server} refuses to tell the time ({answer.kiss})", seen, fix)
    if not answer.synchronized:
        fix = (
            f"see why {answer.server} follows no clock (`chronyc sources` there); where it has none to"
            " follow, let it be its own (chrony: local stratum 8)"
        )
        return failure(f"{answer.server} answers, and its own clock isn't set", seen, fix)
    return success(f"{answer.server} tells the time, at stratum {answer.stratum}", seen)


def judge_jump_host(answers: Sequence[TimeAnswer]) -> Finding:
    """By the servers that know the time themselves."""
    knowing = [one for one in answers if one.synchronized and one.silence is None]
    seen: Seen = {"offsets": tuple(f"{one.server}: {one.offset:+.3f} s" for one in knowing)}
    if not knowing:
        words = "no time server says what time it is"
        return pending(words, seen, "mend the time servers first, then run preflight again")
    wrong = [one for one in knowing if one.disagrees]
    if not wrong:
        most = max(abs(one.offset) for one in knowing)
        return success(f"within {max(most, 0.001):.3f} s of {_names(knowing)}", seen)
    if len(wrong) < len(knowing):
        right = [one for one in knowing if not one.disagrees]
        words = f"the jump host agrees with {_names(right)}, and is {'; '.join(map(_off, wrong))}"
        return failure(words, seen, f"see which is right: {_names(wrong)} or {_names(right)}")
    fix = "set it now and keep it set: chronyc makestep, or timedatectl set-ntp true"
    return failure(f"the jump host's clock is {'; '.join(map(_off, wrong))}", seen, fix)


def _off(answer: TimeAnswer) -> str:
    direction = "behind" if answer.offset > 0 else "ahead of"
    return f"{_amount(abs(answer.offset))} {direction} {answer.server}"


def _amount(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.0f} hours" if seconds < 172_800 else f"{seconds / 86_400:.0f} days"


def _names(answers: Sequence[TimeAnswer]) -> str:
    return " and ".join(str(one.server) for one in answers)


def _seen(answer: TimeAnswer) -> Seen:
    return {
        "server": str(answer.server),
        "answers": answer.silence is None,
        "synchronized": answer.synchronized,
        "stratum": answer.stratum,
        "offset": round(answer.offset, 6),
        "kiss": answer.kiss,
    }
