"""`provisioner leases`: who has which address and for how long, for a reader or for a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from provisioner.cli.status import in_words

_HEADINGS: tuple[str, ...] = ("address", "MAC", "host", "network", "state", "expires")
_EXPORTED: tuple[str, ...] = ("network", "address", "mac", "host", "state", "expires")


class ExportFormat(StrEnum):
    CSV = "csv"
    JSON = "json"


def leases_text(leases: Sequence[Mapping[str, Any]], now: float) -> str:
    """A table for a terminal; `now` in epoch seconds."""
    rows = [_HEADINGS, *(_row(lease, now) for lease in leases)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) if leases else "no address is leased or reserved"


def exported(leases: Sequence[Mapping[str, Any]], form: ExportFormat) -> str:
    """Every lease whole: times in UTC (ISO 8601) where people read them, else in epoch seconds."""
    if form is ExportFormat.JSON:
        return json.dumps(leases, indent=2)
    out = io.StringIO()
    writer = csv.DictWriter(out, _EXPORTED, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**lease, "expires": _utc(lease["expires"])} for lease in leases)
    return out.getvalue().rstrip("\n")


def _row(lease: Mapping[str, Any], now: float) -> tuple[str, ...]:
    return (
        lease["address"],
        lease["mac"],
        lease["host"] or "",
        lease["network"],
        lease["state"],
        _expiry(lease, now),
    )


def _expiry(lease: Mapping[str, Any], now: float) -> str:
    if not lease["expires"]:
        return ""
    left = lease["expires"] - now
    return f"in {in_words(left)}" if left > 0 else f"{in_words(-left)} ago"


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") if seconds else ""
