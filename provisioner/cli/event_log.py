"""`provisioner log HOST`: every step of one host on the wire, a line each."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any


def log_lines(events: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Events as lines: date, time to the millisecond, host or MAC, kind, and its details."""
    for event in events:
        clock = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event["time"]))
        millis = int(event["time"] * 1000) % 1000
        who = event.get("host") or event.get("mac") or "-"
        details: Mapping[str, object] = event.get("detail") or {}
        detail = " ".join(f"{key}={value}" for key, value in details.items())
        yield f"{clock}.{millis:03d} {who:16} {event['kind']:20} {detail}".rstrip()
