"""`provisioner status`: the daemon, the networks, each host and what it waits for, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def status_text(status: Mapping[str, Any], hosts: Sequence[Mapping[str, Any]], now: float) -> str:
    """The status for a terminal. `status` and `hosts` are the daemon's answers."""
    lines = [f"site {status.get('site') or '(none yet)'} · provisioner {status['version']}"]
    if fingerprint := status.get("ca_sha256"):
        lines.append(f"HTTPS by the site's own CA (/ca.crt), sha256 {fingerprint}")
    lines += dhcp_lines(status)
    lines += [
        f"{missing} (`provisioner serve SITE.py` builds it again)"
        for missing in status.get("missing_files", ())
    ]
    if rehearsed := status.get("rehearsed"):
        lines.append(str(rehearsed))
    lines += [host_line(host, now) for host in hosts]
    return "\n".join(lines)


def dhcp_lines(status: Mapping[str, Any]) -> list[str]:
    """What is to be known of other DHCP servers, and of addresses withheld because of them."""
    withheld = {
        network["interface"]: network["withheld"]
        for network in status.get("networks", ())
        if network["withheld"]
    }
    others = (
        f"another DHCP server answers on this network: {server}"
        for server in status.get("foreign_dhcp_servers", ())
        if server.rpartition(" on ")[2] not in withheld
    )
    return [
        *(f"no address is handed out on {interface}: {why}" for interface, why in withheld.items()),
        *others,
    ]


def host_line(host: Mapping[str, Any], now: float) -> str:
    """One host: name, state, for how long, address, and what it waits for or why it failed."""
    since = host.get("since")
    lasted = in_words(now - since) if since else ""
    state = host.get("state") or "unseen"
    said = host.get("reason") or host.get("waiting_for") or _how_far(host.get("progress"))
    address = host.get("address") or ""
    return f"  {host['host']:16} {state:12} {lasted:>8}  {address:15}  {said}".rstrip()


def _how_far(progress: Mapping[str, Any] | None) -> str:
    if not progress or not progress.get("total"):
        return ""
    return f"{progress['phase']} {100 * progress['done'] / progress['total']:.0f} %"


def in_words(seconds: float) -> str:
    """A time in its largest fitting unit."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h"
