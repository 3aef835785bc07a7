"""Hosts: how they are recognised, what they boot from, where they are installed."""

from __future__ import annotations

from inventory.checks.dhcp_identities import dhcp_identity_findings
from inventory.checks.finding import Findings, finding, first_place, told_already
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.host import (
    AnyBlank,
    DiskBySerial,
    DiskByWwn,
    Host,
    MayWipe,
    Nic,
    WakeOnLan,
)
from inventory.mac import normal_mac
from inventory.place import refused
from inventory.site import Site
from inventory.text import uuid


def host_findings(site: Site) -> Findings:
    yield from _macs(site)
    yield from _identities(site)
    yield from dhcp_identity_findings(site)
    for host in site.hosts:
        yield from _recognisable(host)
        yield from _networks(site, host)
        yield from _install_disk(host)
        yield from _numbers(host)


def _macs(site: Site) -> Findings:
    first: dict[str, tuple[Host, Nic]] = {}
    cards = [(host, nic) for host in site.hosts for nic in host.nics]
    for host, nic in cards:
        mac = _valid_mac(nic.mac)
        if mac is None:
            if not told_already(nic, nic.mac):
                yield finding(
                    Code.INVALID_MAC,
                    f"{nic.mac!r} can't be the MAC address of a network card",
                    nic,
                    "mac",
                    label="not a card's address",
                    help="six pairs of hex digits, the first pair even: 52:54:00:07:00:11",
                )
            continue
        owner, other = first.setdefault(mac, (host, nic))
        if owner is not host or other is not nic:
            yield finding(
                Code.DUPLICATE_MAC,
                f"hosts {owner.name!r} and {host.name!r} have the same MAC address {mac}"
                if owner is not host
                else f"host {host.name!r} has the MAC address {mac} twice",
                nic,
                "mac",
                label="already another card's",
                help="every card has its own address: read it off the card or the DHCP log",
                notes=first_place("the other is", other, "mac"),
            )


def _valid_mac(text: str) -> str | None:
    """The usual spelling; None for group addresses too (IEEE 802: the first octet's lowest bit)."""
    try:
        mac = normal_mac(text)
    except ValueError:
        return None
    group = int(mac[:2], 16) & 1
    return None if group or mac == "00:00:00:00:00:00" else mac


def _identities(site: Site) -> Findings:
    first: dict[tuple[str, str], Host] = {}
    for host in site.hosts:
        if host.system_uuid is not None and uuid(host.system_uuid) is None:
            yield finding(
                Code.INVALID_UUID,
                f"{host.system_uuid!r} is not a UUID",
                host,
                "system_uuid",
                label="not a UUID",
                help="as `dmidecode -s system-uuid` prints it: 8-4-4-4-12 hex digits",
            )
        for argument, text in (("serial", host.serial), ("system_uuid", host.system_uuid)):
            if text is None:
                continue
            other = first.setdefault((argument, text.strip().lower()), host)
            if other is not host:
                yield finding(
                    Code.DUPLICATE_IDENTITY,
                    f"hosts {other.name!r} and {host.name!r} have the same {argument} {text!r}",
                    host,
                    argument,
                    label="already another host's",
                    help="a machine could be either: leave it out of one, or know them by MAC",
                    notes=first_place(f"{other.name!r} has it", other, argument),
                )


def _recognisable(host: Host) -> Findings:
    if refused(host):
        return  # what it would be known by may be just what was refused
    if not (host.nics or host.serial or host.system_uuid or host.match):
        yield finding(
            Code.UNMATCHABLE_HOST,
            f"no machine can ever be recognised as host {host.name!r}",
            host,
            label="no MAC, serial, UUID or rule",
            help='say how: nics=[Nic("52:…")], serial="…", system_uuid="…" or match=MatchRule(…)',
        )
    if isinstance(host.bmc, WakeOnLan) and not host.nics:
        yield finding(
            Code.POWER_NEEDS_MAC,
            f"host {host.name!r} can't be woken: its MAC address is not declared",
            host,
            "bmc",
            label="needs the MAC of its first card",
            help='declare it: nics=[Nic("52:54:…")]',
        )


def _networks(site: Site, host: Host) -> Findings:
    known = {network.name for network in site.networks}
    for nic in host.nics:
        if nic.network is not None and nic.network not in known:
            yield finding(
                Code.UNKNOWN_NETWORK,
                f"a card of host {host.name!r} is in {nic.network!r}, which is no network here",
                nic,
                "network",
                label="no such network",
                help=f"the site's networks are: {', '.join(sorted(known)) or 'none'}",
            )
    if len(site.networks) > 1 and host.nics and host.nics[0].network is None:
        yield finding(
            Code.UNKNOWN_NETWORK,
            f"host {host.name!r} doesn't say in which of {len(known)} networks it boots",
            host.nics[0],
            label="in which network?",
            help=f'Nic(…, network="{min(known)}")',
        )


def _install_disk(host: Host) -> Findings:
    wanted = host.install_on
    if isinstance(wanted, DiskBySerial | DiskByWwn):
        word = "serial" if isinstance(wanted, DiskBySerial) else "wwn"
        text = wanted.serial if isinstance(wanted, DiskBySerial) else wanted.wwn
        have = [disk.serial if word == "serial" else disk.wwn for disk in host.disks]
        if host.disks and not {text, None} & set(have) and not told_already(wanted, text):
            yield finding(
                Code.UNKNOWN_DISK,
                f"host {host.name!r} is installed on a disk that it is not declared to have",
                host,
                "install_on",
                label=f"no disk with {word} {text!r}",
                help=f'declare it: disks=[Disk({word}="{text}")]',
            )
    elif isinstance(wanted, AnyBlank | MayWipe) and host.disks:
        largest = max(disk.size_gib for disk in host.disks)
        if largest < wanted.min_gib:
            yield finding(
                Code.DISKS_TOO_SMALL,
                f"no disk of host {host.name!r} has the {wanted.min_gib} GiB that it asks for",
                host,
                "install_on",
                label=f"its largest has {largest} GiB",
                help="declare the disks it has, or lower min_gib",
            )


def _numbers(host: Host) -> Findings:
    for argument, number in (("cpus", host.cpus), ("memory_gib", host.memory_gib)):
        if number is not None and number < 1:
            yield _not_positive(host, argument, number)
    for disk in host.disks:
        if disk.size_gib < 1:
            yield _not_positive(disk, "size_gib", disk.size_gib)


def _not_positive(value: object, argument: str, number: int) -> Diagnostic:
    return finding(
        Code.INVALID_NUMBER,
        f"{argument} can't be {number}",
        value,
        argument,
        label="at least 1",
        help="leave it out if it is not known",
    )
