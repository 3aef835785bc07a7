"""What can be wrong with the names of a cluster, found without asking anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import Host
from inventory.place import place_of, refused
from inventory.text import ipv4_address, is_dns_label, is_dns_name

LONGEST_APPLICATION = "console-openshift-console.apps"
RESERVED = ("api", "api-int", "apps")


@dataclass(frozen=True, slots=True)
class NamesWishes:
    """The fields of the declaration."""

    name: str
    base_domain: str
    api: str
    ingress: str
    hosts: tuple[Host, ...]


def check_names(score: object, wishes: NamesWishes) -> tuple[Diagnostic, ...]:
    """All findings; `score` is what was written, for its place."""
    return (
        *_domain(score, wishes),
        *_address(score, "api", wishes.api),
        *_address(score, "ingress", wishes.ingress),
        *_unaddressed(score, wishes),
        *_taken(score, wishes),
    )


def _domain(score: object, wishes: NamesWishes) -> Iterator[Diagnostic]:
    whole = f"{LONGEST_APPLICATION}.{wishes.name}.{wishes.base_domain}"
    if not is_dns_label(wishes.name):
        yield _name(score, "name", f"{wishes.name!r} is no name for a cluster", "home or rack-7")
    elif not is_dns_name(wishes.base_domain):
        yield _name(score, "base_domain", f"{wishes.base_domain!r} is no domain", "home.example")
    elif not is_dns_name(whole):
        yield _name(score, "base_domain", f"{whole!r} is too long for a name", "home.example")


def _name(score: object, argument: str, message: str, such_as: str) -> Diagnostic:
    return Diagnostic(
        Code.INVALID_OKD_NAME,
        message,
        place_of(score, argument),
        "not a name",
        help=(f"lower-case letters, digits and hyphens, such as {such_as}",),
    )


def _address(score: object, argument: str, written: str) -> Iterator[Diagnostic]:
    if str(ipv4_address(written)) != written:
        yield Diagnostic(
            Code.INVALID_ADDRESS,
            f"{argument} {written!r} is not an IPv4 address",
            place_of(score, argument),
            "not an address",
            help=("that of the load balancer, or of the host of a cluster without one",),
        )


def _unaddressed(score: object, wishes: NamesWishes) -> Iterator[Diagnostic]:
    for host in wishes.hosts:
        if host.address is None and not refused(host):
            yield Diagnostic(
                Code.NODE_WITHOUT_ADDRESS,
                f"host {host.name!r} has no address, so its name can't lead anywhere",
                place_of(host) or place_of(score),
                "needs an address",
                help=(f'give it one: Host("{host.name}", address="…")',),
            )


def _taken(score: object, wishes: NamesWishes) -> Iterator[Diagnostic]:
    counted = Counter(host.name.lower() for host in wishes.hosts)
    for name, times in counted.items():
        if times > 1 or name in RESERVED:
            yield Diagnostic(
                Code.DUPLICATE_NAME,
                f"{name}.{wishes.name}.{wishes.base_domain} can't be a host's name",
                place_of(score, "hosts"),
                "is the cluster's own" if name in RESERVED else "is there twice",
                help=("give the host another name" if name in RESERVED else "name it once",),
            )
