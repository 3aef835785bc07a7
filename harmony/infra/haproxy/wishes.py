"""What each owner wants of the load balancer, on disk and as one list.

The configuration is made of names and addresses, and nothing else may get into it: they are judged here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from harmony.domain.capability.load_balancer import Frontend, Frontends
from harmony.infra.errors import BalancerUnusableError, BalancingRefusedError
from harmony.infra.whole_file import write_whole

Wishes = Mapping[str, tuple[Frontend, ...]]

_KEPT = TypeAdapter(dict[str, tuple[Frontend, ...]])
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,62}")
_PATH = re.compile(r"/[A-Za-z0-9/_.~-]*")
_ANY = ("0.0.0.0", "::")


def read_wishes(file: Path) -> Wishes:
    """What was written last; nothing if nothing was. Raises BalancerUnusableError."""
    try:
        return _KEPT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValidationError) as error:
        raise BalancerUnusableError(
            f"{file} can't be read or isn't what was written there ({type(error).__name__}): remove it, and"
            " what Scores want of the load balancer is written again"
        ) from error


def write_wishes(file: Path, wishes: Wishes) -> None:
    write_whole(file, _KEPT.dump_json(dict(wishes), indent=1))


def with_wish(wishes: Wishes, spec: Frontends) -> Wishes:
    """All of them, with what `spec`'s owner wants now. Raises BalancingRefusedError."""
    others = {owner: kept for owner, kept in wishes.items() if owner != spec.owner}
    now = others | ({spec.owner: spec.frontends} if spec.frontends else {})
    problems = [*_problems(spec.frontends), *_collisions(now)]
    if problems:
        raise BalancingRefusedError(f"{spec.owner} can't be balanced: {'; '.join(problems)}")
    return now


def frontends_of(wishes: Wishes) -> tuple[Frontend, ...]:
    """In an order that hangs on nothing else."""
    found = itertools.chain.from_iterable(wishes.values())
    return tuple(sorted(found, key=lambda one: one.name))


def _problems(frontends: Sequence[Frontend]) -> Iterator[str]:
    for one in frontends:
        names = [server.name for server in one.servers]
        for name in (one.name, *names):
            if not _NAME.fullmatch(name):
                yield f"{name!r} can't name a frontend or a server"
        addresses = (*one.addresses, *(one.sources or ()), *(at.address for at in one.servers))
        yield from (f"{address!r} is no address" for address in addresses if not _good(address))
        ports = (one.port, one.health.port or 1, *(server.port for server in one.servers))
        yield from (f"{port} is no port" for port in ports if not 0 < port < 65536)
        if not _PATH.fullmatch(one.health.path):
            yield f"{one.health.path!r} is no path"
        if min(one.health.seconds, one.health.fall, one.health.rise) < 1:
            yield f"the health check of {one.name} has a number below 1"
        if not one.addresses:
            yield f"{one.name} listens at no address"
        if len(set(names)) < len(names):
            yield f"two servers of {one.name} have one name"


def _good(address: str) -> bool:
    try:
        return "%" not in address and bool(ip_address(address))
    except ValueError:
        return False


def _collisions(wishes: Wishes) -> Iterator[str]:
    """One name, or one place to listen at, wanted twice."""
    every = [(owner, one) for owner, kept in wishes.items() for one in kept]
    for (first_owner, first), (owner, one) in itertools.combinations(every, 2):
        if first.name == one.name:
            yield f"{first_owner} and {owner} both want a frontend {one.name}"
        if first.port == one.port and _meet(first.addresses, one.addresses):
            yield f"{first.name} and {one.name} both listen at port {one.port}"


def _meet(some: Sequence[str], others: Sequence[str]) -> bool:
    every = {*some, *others}
    return bool(set(some) & set(others) or every.intersection(_ANY))
