"""`provisioner hosts`: declared hosts, then the machines that are none of them, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from provisioner.cli.doctor.station import OURS
from provisioner.cli.status import host_line

_DOCTOR = "`provisioner doctor`, which asked as a machine"


def hosts_text(
    hosts: Sequence[Mapping[str, Any]], machines: Sequence[Mapping[str, Any]], now: float
) -> str:
    """Both lists for a terminal; one that can be approved ends with what to type."""
    lines = [host_line(host, now) for host in hosts]
    for machine in machines:
        if machine.get("host"):
            continue
        match = _DOCTOR if machine["mac"].startswith(OURS) else machine["match"]
        lines.append(f"  {machine['mac']}  {machine['state']}  {match}")
        lines += [f"      not {name}: {why}" for name, why in _candidates(machine)]
        if machine["state"] == "inventoried":
            lines.append(f"      provisioner hosts approve {machine['mac']} --as HOST")
    return "\n".join(lines)


def _candidates(machine: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(found["host"], "; ".join(found["reasons"])) for found in machine["candidates"]]
