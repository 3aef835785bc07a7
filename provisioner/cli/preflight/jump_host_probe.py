"""Looks at this computer: its disks (statvfs) and its listening sockets (ss of iproute2)."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from harmony.modules.preflight.jump_host import Card, Listener, Room
from inventory.errors import OperatorError
from provisioner.cli.preflight.examination import apart
from provisioner.serve.links import Interface

_SS = ("ss", "-H", "-l", "-n", "-p", "-t", "-u")
_PROGRAM = re.compile(r'\("([^"]+)",pid=(\d+)')
_EVERYWHERE = ("0.0.0.0", "*")


def cards_of(interfaces: Iterable[Interface]) -> tuple[Card, ...]:
    return tuple(Card(one.name, one.up, one.addresses) for one in interfaces)


async def room(folder: str) -> Room:
    """Of the folder, or of the nearest above it that is there. A disk that has gone blocks whoever asks."""
    return await apart(lambda: _room(Path(folder)))


def _room(folder: Path) -> Room:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    told = os.statvfs(there)
    # Some file systems have no fixed number of files, and say 0 of 0.
    names = told.f_favail if told.f_files else 1
    read_only = bool(told.f_flag & os.ST_RDONLY)
    return Room(str(folder), told.f_bavail * told.f_frsize, names, read_only)


async def listeners() -> tuple[Listener, ...]:
    """Raises OperatorError without ss."""
    try:
        running = await asyncio.create_subprocess_exec(*_SS, stdout=asyncio.subprocess.PIPE)
    except FileNotFoundError as error:
        raise OperatorError("ss is missing: install iproute2") from error
    said, _ = await running.communicate()
    return tuple(read_listeners(said.decode("utf-8", "replace").splitlines()))


def read_listeners(lines: Iterable[str]) -> Iterator[Listener]:
    """Of IPv4, and of IPv6 sockets that take IPv4 too (`*`)."""
    for line in lines:
        protocol, *rest = line.split()
        address, _, port = rest[3].rpartition(":") if len(rest) > 3 else ("", "", "")
        address, _, interface = address.partition("%")
        if not port.isdigit() or address.startswith("["):
            continue
        found = _PROGRAM.search(line)
        program = f"{found[1]} (process {found[2]})" if found else ""
        bound = None if address in _EVERYWHERE else address
        yield Listener(protocol, int(port), bound, interface, program)
