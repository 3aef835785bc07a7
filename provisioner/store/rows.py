"""How values become rows and rows values again."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import IPv4Address
from typing import TypeAlias, assert_never

from pydantic import TypeAdapter

from inventory.contribution import Contribution
from inventory.machine_state import MachineState
from provisioner.agent.messages import DiskReport, HardwareReport
from provisioner.ports import (
    AddOrder,
    ChangeLeases,
    DeleteContribution,
    EraseIgnitions,
    Event,
    EventsOf,
    ForgetMachine,
    Ignition,
    KeepIgnition,
    LoggedEvent,
    NetworkLeases,
    PutContribution,
    Remembered,
    SaveMachine,
    Scalar,
    StoredContribution,
)
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.dhcp.lease import Bound, Declined, Lease, Released
from provisioner.store import sql

Written: TypeAlias = (
    PutContribution
    | DeleteContribution
    | KeepIgnition
    | EraseIgnitions
    | SaveMachine
    | ForgetMachine
    | AddOrder
    | ChangeLeases
)
"""Every change but events, which are written together."""

_CONTRIBUTION = TypeAdapter(Contribution)
_REPORT = TypeAdapter(HardwareReport)
_ORDER = TypeAdapter(InstallOrder)
_LONGEST_WORDS = 4_096
"""Characters of one detail of an event: a machine's words must not fill the disk."""
_DISK = TypeAdapter(DiskReport)


def write(database: sqlite3.Connection, change: Written) -> None:
    """Make the change within the open transaction."""
    match change:
        case PutContribution(stored, at):
            document = _CONTRIBUTION.dump_json(stored.contribution).decode()
            values = (stored.contribution.owner, stored.etag, document, at)
            database.execute(sql.PUT_CONTRIBUTION, values)
        case DeleteContribution(owner):
            database.execute(sql.DELETE_CONTRIBUTION, (owner,))
        case KeepIgnition(Ignition(host, sha256, text)):
            database.execute(sql.KEEP_IGNITION, (host, sha256, text))
        case EraseIgnitions(host, but):
            database.execute(sql.ERASE_IGNITIONS, (host, json.dumps(but)))
        case SaveMachine(machine):
            _save_machine(database, machine)
        case ForgetMachine(mac):
            database.execute(sql.FORGET_MACHINE, (mac,))
        case AddOrder(order):
            document = _ORDER.dump_json(order).decode()
            database.execute(sql.ADD_ORDER, (order.id, order.mac, order.host, order.at, document))
        case ChangeLeases():
            _change_leases(database, change)
        case _:
            assert_never(change)


def _save_machine(database: sqlite3.Connection, machine: Machine) -> None:
    report = None if machine.report is None else _REPORT.dump_json(machine.report).decode()
    order = None if machine.order is None else machine.order.id
    own_disk = None if machine.own_disk is None else _DISK.dump_json(machine.own_disk).decode()
    row = (
        machine.mac,
        machine.state.value,
        machine.since,
        machine.token,
        machine.host,
        report,
        order,
        own_disk,
        machine.reason,
    )
    database.execute(sql.SAVE_MACHINE, row)


def _change_leases(database: sqlite3.Connection, change: ChangeLeases) -> None:
    """In their order; leases bound one after another in one statement, which holds up no other thread
    of this program while it runs."""
    bound: list[tuple[str, str, float]] = []
    for one in change.changes:
        if isinstance(one, Bound):
            lease = one.lease
            bound.append((str(lease.address), lease.mac, lease.expires))
        else:
            _bind(database, change.network, bound)
            _free(database, change.network, one)
    _bind(database, change.network, bound)


def _bind(database: sqlite3.Connection, network: str, bound: list[tuple[str, str, float]]) -> None:
    """A lease takes the place of what was on record for its address and for its MAC."""
    if bound:
        database.execute(sql.BIND_LEASES, (network, json.dumps(bound)))
        bound.clear()


def _free(database: sqlite3.Connection, network: str, change: Released | Declined) -> None:
    match change:
        case Released(mac, address, at):
            database.execute(sql.RELEASE_LEASE, (at, network, mac, str(address)))
        case Declined(mac, address, until):
            database.execute(sql.DROP_LEASE_OF, (network, mac))
            database.execute(sql.DECLINE, (network, str(address), mac, until))
        case _:
            assert_never(change)


def write_events(database: sqlite3.Connection, events: Sequence[Event]) -> tuple[LoggedEvent, ...]:
    """Log the events within the open transaction, in one statement; they come back with their
    numbers."""
    kept = [_shortened(event) for event in events]
    if not kept:
        return ()
    rows = [(one.time, one.kind, one.mac, one.host, one.detail) for one in kept]
    database.execute(sql.LOG_EVENTS, (json.dumps(rows, ensure_ascii=False),))
    first = int(database.execute(sql.LAST_EVENT).fetchone()[0]) - len(rows) + 1
    return tuple(LoggedEvent(first + at, event) for at, event in enumerate(kept))


def lines_of_events(database: sqlite3.Connection, first: int) -> str:
    """The events from that number on, one JSON object a line."""
    return str(database.execute(sql.LINES_OF_EVENTS, (first - 1,)).fetchone()[0] or "")


def _shortened(event: Event) -> Event:
    """Long words keep their end, where a failure is."""
    if not any(_is_long(value) for value in event.detail.values()):
        return event
    detail = {
        name: "… " + str(value)[-_LONGEST_WORDS:] if _is_long(value) else value
        for name, value in event.detail.items()
    }
    return replace(event, detail=detail)


def _is_long(value: Scalar) -> bool:
    return isinstance(value, str) and len(value) > _LONGEST_WORDS


def read_all(database: sqlite3.Connection) -> Remembered:
    """Everything but the events."""
    return Remembered(
        contributions=tuple(
            StoredContribution(_CONTRIBUTION.validate_json(document), etag)
            for _, etag, document in database.execute(sql.CONTRIBUTIONS)
        ),
        ignitions=tuple(Ignition(*row) for row in database.execute(sql.IGNITIONS)),
        machines=tuple(_machine(row) for row in database.execute(sql.MACHINES)),
        leases=_leases(database),
    )


def _machine(
    row: tuple[str, str, float, str, str | None, str | None, str | None, str | None, str],
) -> Machine:
    mac, state, since, token, host, report, order, own_disk, reason = row
    return Machine(
        mac=mac,
        state=MachineState(state),
        since=since,
        token=token,
        host=host,
        report=None if report is None else _REPORT.validate_json(report),
        order=None if order is None else _ORDER.validate_json(order),
        own_disk=None if own_disk is None else _DISK.validate_json(own_disk),
        reason=reason,
    )


def _leases(database: sqlite3.Connection) -> dict[str, NetworkLeases]:
    leases: defaultdict[str, list[Lease]] = defaultdict(list)
    declined: defaultdict[str, list[Declined]] = defaultdict(list)
    for network, mac, address, expires in database.execute(sql.LEASES):
        leases[network].append(Lease(mac, IPv4Address(address), expires))
    for network, mac, address, until in database.execute(sql.DECLINED):
        declined[network].append(Declined(mac, IPv4Address(address), until))
    return {
        network: NetworkLeases(tuple(leases[network]), tuple(declined[network]))
        for network in {*leases, *declined}
    }


def read_events(
    database: sqlite3.Connection, after: int, of: EventsOf | None, limit: int
) -> tuple[LoggedEvent, ...]:
    if of is None:
        rows = database.execute(sql.EVENTS, (after, limit))
    else:
        wanted = (after, of.host, json.dumps(of.macs), limit)
        rows = database.execute(sql.EVENTS_OF_HOST, wanted)
    return tuple(
        LoggedEvent(seq, Event(time, kind, mac, of_host, json.loads(detail)))
        for seq, time, kind, mac, of_host, detail in rows
    )
