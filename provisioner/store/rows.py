"""How values become rows and rows values again."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from dataclasses import replace
from ipaddress import IPv4Address
from typing import assert_never

from pydantic import TypeAdapter

from inventory.contribution import Contribution
from inventory.machine_state import MachineState
from provisioner.agent.messages import DiskReport, HardwareReport
from provisioner.ports import (
    AddOrder,
    Change,
    ChangeLeases,
    DeleteContribution,
    EraseIgnitions,
    Event,
    EventsOf,
    ForgetMachine,
    Ignition,
    KeepIgnition,
    LogEvent,
    LoggedEvent,
    NetworkLeases,
    PutContribution,
    Remembered,
    SaveMachine,
    Scalar,
    StoredContribution,
)
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.dhcp.lease import Bound, Declined, DurableChange, Lease, Released
from provisioner.store import sql

_CONTRIBUTION = TypeAdapter(Contribution)
_REPORT = TypeAdapter(HardwareReport)
_ORDER = TypeAdapter(InstallOrder)
_LONGEST_WORDS = 4_096
"""Characters of one detail of an event: a machine's words must not fill the disk."""
_DISK = TypeAdapter(DiskReport)


def write(database: sqlite3.Connection, change: Change) -> LoggedEvent | None:
    """Make the change within the open transaction; an event comes back with its number."""
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
        case LogEvent(event):
            return _log(database, event)
        case _:
            assert_never(change)
    return None


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
    for lease_change in change.changes:
        _change_lease(database, change.network, lease_change)


def _change_lease(database: sqlite3.Connection, network: str, change: DurableChange) -> None:
    match change:
        case Bound(Lease(mac, address, expires)):
            database.execute(sql.FORGET_LEASE, (network, mac, str(address)))
            database.execute(sql.BIND_LEASE, (network, str(address), mac, expires))
        case Released(mac, address, at):
            database.execute(sql.RELEASE_LEASE, (at, network, mac, str(address)))
        case Declined(mac, address, until):
            database.execute(sql.DROP_LEASE_OF, (network, mac))
            database.execute(sql.DECLINE, (network, str(address), mac, until))
        case _:
            assert_never(change)


def _log(database: sqlite3.Connection, event: Event) -> LoggedEvent:
    event = replace(event, detail={name: _cut(value) for name, value in event.detail.items()})
    detail = json.dumps(event.detail, ensure_ascii=False)
    cursor = database.execute(
        sql.LOG_EVENT, (event.time, event.kind, event.mac, event.host, detail)
    )
    assert cursor.lastrowid is not None, "an INSERT has a row"
    return LoggedEvent(cursor.lastrowid, event)


def _cut(value: Scalar) -> Scalar:
    """Long words keep their end, where a failure is."""
    if not isinstance(value, str) or len(value) <= _LONGEST_WORDS:
        return value
    return "… " + value[-_LONGEST_WORDS:]


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
