"""What the doctor says: what was seen, then each finding with its reason and what to do."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from provisioner.cli.doctor.observation import (
    NOWHERE,
    Asked,
    Examination,
    Finding,
    Observations,
    TftpEnd,
)

_WIDTH = 100


def report_text(examinations: Sequence[Examination]) -> str:
    """For a terminal."""
    return "\n".join(line for one in examinations for line in _lines(one))


def report_json(examinations: Sequence[Examination]) -> str:
    """For a program: everything seen (bytes in hex) and found."""
    told = [
        {
            "interface": one.seen.interface,
            "healthy": not one.findings,
            "findings": [asdict(finding) for finding in one.findings],
            "seen": asdict(one.seen),
        }
        for one in examinations
    ]
    return json.dumps(told, default=lambda one: one.hex() if isinstance(one, bytes) else str(one))


def _lines(one: Examination) -> Iterator[str]:
    seen, count = one.seen, len(one.findings)
    network = f"{seen.expected.network} on " if seen.expected else ""
    found = "healthy" if not count else "1 finding" if count == 1 else f"{count} findings"
    yield f"{network}{seen.interface}, asked as {seen.mac}: {found}"
    yield from (f"  {line}" for line in _seen(seen))
    for finding in one.findings:
        yield from _finding(finding)


def _seen(seen: Observations) -> Iterator[str]:
    servers = {(offer.server, offer.server_mac): offer.address for offer in seen.offers}
    for (server, mac), address in servers.items():
        who = [one.asked for one in seen.offers if (one.server, one.server_mac) == (server, mac)]
        kinds = ", ".join(asked for asked in Asked if asked in who)
        what = "told, as a proxy, what to boot" if address == NOWHERE else f"offered {address}"
        yield f"{server} ({mac}) {what} to {kinds}"
    if seen.acknowledged:
        yield "the lease was acknowledged, and given back at the end"
    for name in seen.names:
        said = ", ".join(name.addresses) or name.code
        if said:
            yield f"{name.server} says {said} of {name.name}"
    for fetch in seen.tftp:
        if fetch.end is TftpEnd.DONE:
            yield f"tftp://{fetch.server}/{fetch.file}: {fetch.size} bytes"
    for page in seen.http:
        if page.status is not None:
            note = ", as is right without a lease (--full takes one)"
            refused = page.status == 403 and not seen.acknowledged and page.asked is Asked.IPXE
            yield f"{page.url}: {page.status}{note if refused else ''}"


def _finding(finding: Finding) -> Iterator[str]:
    yield from _wrapped(f"{finding.name}: ", finding.what)
    yield from _wrapped("  why: ", finding.why)
    yield from _wrapped("  do:  ", finding.remedy)


def _wrapped(label: str, words: str) -> list[str]:
    indent = " " * 7 if label.startswith(" ") else " " * 2
    return textwrap.wrap(
        label + words,
        _WIDTH,
        subsequent_indent=indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
    )
