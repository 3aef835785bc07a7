"""Which declared host a machine on the wire is.

A host known by MAC, serial or UUID is that machine and no other. A host known by rule is the first
free one whose rule the machine fits; where several rules fit, the one that is at least as strict as
all others in everything; where there is none such, an operator is asked. So is one for a machine that
fits a rule but may be one that is a host already: a rule must not make two hosts of one machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from inventory.host import Firmware, Host, MatchRule
from inventory.mac import normal_mac
from inventory.text import uuid

# What firmware and kernel keep for themselves: a "32 GiB" machine reports less.
_MEMORY_TOLERANCE = 0.9


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What a machine said of itself; `macs` of all its cards; `memory` in bytes."""

    macs: tuple[str, ...]
    serial: str
    system_uuid: str
    firmware: Firmware
    cpus: int
    memory: int
    disks: int


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A declared host that the machine is not, and what speaks against it, in words."""

    host: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """The machine is `host`; `by` says how it is known, such as `MAC 52:54:00:07:00:11`."""

    host: str
    by: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """It may be any of `hosts`, or one that another machine is already if `reason` says so: an operator
    has to say (`provisioner hosts approve`)."""

    hosts: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """It is no declared host; `candidates` has every host and why not."""

    candidates: tuple[WhyNot, ...]


Match = Matched | Ambiguous | Unmatched


def match(
    hosts: Sequence[Host],
    machine: MachineFacts,
    taken: Mapping[str, str],
    likenesses: Sequence[str] = (),
) -> Match:
    """`taken` tells which hosts are other machines already: their names, and whose (a MAC).
    `likenesses` are the other machines that it may be, in words."""
    if any(identities(host, machine) for host in hosts if host.name in taken):
        return _unmatched(hosts, machine, taken)  # a card moved into another machine, perhaps
    free = [host for host in hosts if host.name not in taken]
    known = [(host, ways) for host in free if (ways := identities(host, machine))]
    if len(known) > 1:
        words = "; ".join(f"{host.name} by {', '.join(ways)}" for host, ways in known)
        return Ambiguous(tuple(host.name for host, _ in known), f"it is known as {words}")
    if known:
        host, ways = known[0]
        return Matched(host.name, ", ".join(ways))
    fitting = [
        (host, host.match)
        for host in free
        if host.match and known_by_rule(host) and not misfits(host.match, machine)
    ]
    if fitting and likenesses:
        names = tuple(host.name for host, _ in fitting)
        words = f"it may be a known machine: {'; '.join(likenesses)}; if it is new, {' or '.join(names)}"
        return Ambiguous(names, words)
    if fitting:
        return _strictest(fitting)
    return _unmatched(hosts, machine, taken)


def identities(host: Host, machine: MachineFacts) -> tuple[str, ...]:
    """By what the machine is known to be `host`; nothing if it is not."""
    own = {mac for mac in map(_mac_or_none, machine.macs) if mac}
    ways = [f"MAC {mac}" for mac in _macs(host) if mac in own]
    if host.serial and host.serial.strip().lower() == machine.serial.strip().lower():
        ways.append(f"serial {host.serial}")
    if host.system_uuid and _same_uuid(host.system_uuid, machine.system_uuid):
        ways.append(f"UUID {host.system_uuid.lower()}")
    return tuple(ways)


def known_by_rule(host: Host) -> bool:
    """Whether only a rule tells which machine it is."""
    return host.match is not None and not (host.nics or host.serial or host.system_uuid)


def misfits(rule: MatchRule, machine: MachineFacts) -> tuple[str, ...]:
    """What the machine lacks for the rule, in words; nothing if it fits."""
    gib = machine.memory / 2**30
    lacks: list[str] = []
    if len(machine.macs) < rule.min_nics:
        lacks.append(f"has {len(machine.macs)} network cards, needs {rule.min_nics}")
    if gib < rule.min_memory_gib * _MEMORY_TOLERANCE:
        lacks.append(f"has {gib:.1f} GiB of memory, needs {rule.min_memory_gib}")
    if machine.disks < rule.min_disks:
        lacks.append(f"has {machine.disks} disks, needs {rule.min_disks}")
    if machine.cpus < rule.min_cpus:
        lacks.append(f"has {machine.cpus} CPUs, needs {rule.min_cpus}")
    if rule.firmware not in (None, machine.firmware):
        lacks.append(f"has {machine.firmware.upper()} firmware, needs {rule.firmware.upper()}")
    return tuple(lacks)


def stricter(one: MatchRule, other: MatchRule) -> bool:
    """Whether `one` is at least as strict as `other` in everything (the same rule included)."""
    return (
        one.min_nics >= other.min_nics
        and one.min_memory_gib >= other.min_memory_gib
        and one.min_disks >= other.min_disks
        and one.min_cpus >= other.min_cpus
        and other.firmware in (None, one.firmware)
    )


def _strictest(fitting: Sequence[tuple[Host, MatchRule]]) -> Match:
    for host, rule in fitting:
        if all(stricter(rule, other) for _, other in fitting):
            return Matched(host.name, f"the rule of {host.name}")
    names = tuple(host.name for host, _ in fitting)
    return Ambiguous(names, f"it fits the rules of {', '.join(names)}, and none is the strictest")


def _unmatched(hosts: Sequence[Host], machine: MachineFacts, taken: Mapping[str, str]) -> Unmatched:
    return Unmatched(tuple(WhyNot(host.name, _why_not(host, machine, taken)) for host in hosts))


def _why_not(host: Host, machine: MachineFacts, taken: Mapping[str, str]) -> tuple[str, ...]:
    if host.name in taken:
        return (f"is machine {taken[host.name]} already",)
    if host.match and known_by_rule(host):
        return misfits(host.match, machine)
    expected = [f"MAC {mac}" for mac in _macs(host)]
    expected += [f"serial {host.serial}"] if host.serial else []
    expected += [f"UUID {host.system_uuid}"] if host.system_uuid else []
    return (f"is known by {' or '.join(expected) or 'nothing'}",)


def _macs(host: Host) -> Iterable[str]:
    return [mac for mac in (_mac_or_none(nic.mac) for nic in host.nics) if mac]


def _mac_or_none(text: str) -> str | None:
    try:
        return normal_mac(text)
    except ValueError:
        return None


def _same_uuid(declared: str, reported: str) -> bool:
    """SMBIOS before 2.6 did not fix the byte order of the first three fields: firmware of that age
    reports a UUID swapped against the one on its label (dmidecode's man page, DMI TYPES)."""
    ours, theirs = uuid(declared), uuid(reported)
    return ours is not None and theirs is not None and theirs in (ours, UUID(bytes_le=ours.bytes))
