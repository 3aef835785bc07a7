"""Names and numbers that Kubernetes takes, judged before it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import place_of
from inventory.text import is_dns_label

# Kubernetes counts replicas in 32 bits.
MOST_REPLICAS = 2**31 - 1
HIGHEST_PORT = 65535


def check_name(score: object, argument: str, written: str) -> Iterator[Diagnostic]:
    """Whether `written` can name an object that pods are called after, or a namespace."""
    if not is_dns_label(written):
        yield Diagnostic(
            Code.INVALID_OBJECT_NAME,
            f"{argument} {written!r} is no name for Kubernetes",
            place_of(score, argument),
            "not a name",
            help=("lower-case letters, digits and hyphens, such as hello or web-2",),
        )


def check_number(
    score: object, argument: str, written: int, least: int, most: int
) -> Iterator[Diagnostic]:
    """Whether `written` is between the two, both included."""
    if not least <= written <= most:
        yield Diagnostic(
            Code.INVALID_OBJECT_NUMBER,
            f"{argument} {written} is not between {least} and {most}",
            place_of(score, argument),
            "cannot be",
            help=(f"choose another: {argument}=…",),
        )
