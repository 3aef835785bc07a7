"""What is sent of a file: all, a part, or only the word that it is as the client knows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from provisioner.protocol.http.byte_range import NotSatisfiable, Part, asked_part
from provisioner.protocol.http.conditions import Validators, Verdict, range_applies, verdict
from provisioner.protocol.http.date import http_date

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """`part` is what goes out after the head, unless it is a HEAD that asks; None for nothing.
    `fields` tell the length too."""

    status: int
    fields: Fields
    part: Part | None = None


def delivery(
    method: str,
    fields: Mapping[str, str],
    size: int,
    current: Validators,
    content_type: str,
    now: float,
) -> Delivery:
    """The answer to a GET or HEAD of a file (RFC 9110, 13.2.2 and 14.2)."""
    tag = ("ETag", f'"{current.tag}"')
    judged = verdict(method, fields, current, now)
    if judged is Verdict.NOT_MODIFIED:
        return Delivery(304, (tag,))
    if judged is Verdict.FAILED:
        return Delivery(412, (tag, ("Content-Length", "0")))
    part = _part(method, fields, size, current, now)
    if isinstance(part, NotSatisfiable):
        refusal = ("Content-Range", f"bytes */{size}"), ("Content-Length", "0")
        return Delivery(416, (tag, *refusal))
    sent = part or Part(0, size - 1, size)
    described = (
        ("Content-Type", content_type),
        ("Content-Length", str(sent.length)),
        ("Accept-Ranges", "bytes"),
        tag,
        ("Last-Modified", http_date(min(current.modified, now))),
    )
    if part is None:
        return Delivery(200, described, sent)
    where = ("Content-Range", f"bytes {part.first}-{part.last}/{size}")
    return Delivery(206, (*described, where), sent)


def _part(
    method: str, fields: Mapping[str, str], size: int, current: Validators, now: float
) -> Part | NotSatisfiable | None:
    written = fields.get("range")
    if written is None or method != "GET" or not range_applies(fields, current, now):
        return None
    return asked_part(written, size)
