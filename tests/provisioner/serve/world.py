"""The daemon's rooms over a store in memory and a clock that stands still, for tests without sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from inventory.contribution import Artifact, Contribution, Installation, Ramdisk
from inventory.machine_state import MachineState
from inventory.site import Site
from ipxe_templates import read_templates
from provisioner.agent.messages import HardwareReport
from provisioner.ports import (
    Change,
    Event,
    EventsOf,
    LogEvent,
    LoggedEvent,
    Remembered,
    StoreFailed,
)
from provisioner.protocol.boot.desired import Desired
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.script import BootScripts
from provisioner.protocol.dhcp.lease import Bound, Lease
from provisioner.serve.admin_api import etag_of
from provisioner.serve.contributions import Contributions, Prepared, PutOutcome
from provisioner.serve.http_message import FileReply, Reply, Request
from provisioner.serve.ledger import Ledger
from provisioner.serve.machine_api import MachineApi
from provisioner.serve.machines import Machines
from provisioner.serve.memory import Memory
from provisioner.serve.operator_words import OperatorWords
from provisioner.serve.script_desk import ScriptDesk
from provisioner.serve.wire_events import WireEvents
from tests.provisioner.protocol.boot.values import LAN, MAC, REPORT, SITE

ADDRESS = IPv4Address("10.7.0.11")
NOW = 1_000.0
_ANYTHING: TypeAdapter[object] = TypeAdapter(object)
IGNITION = '{"ignition":{"version":"3.3.0"}}'


@dataclass
class MemoryStore:
    """Keeps what is committed in a list; refuses everything while `full`."""

    committed: list[Change] = field(default_factory=list[Change])
    full: bool = False

    def remembered(self) -> Remembered:
        return Remembered()

    def commit(self, changes: Sequence[Change]) -> Awaitable[None]:
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self.full:
            answer.set_exception(StoreFailed("the disk is full"))
            answer.exception()
        else:
            self.committed += changes
            answer.set_result(None)
        return answer

    def log(self, event: Event) -> None:
        if not self.full:
            self.committed.append(LogEvent(event))

    async def events(self, after: int, of: EventsOf | None, limit: int) -> tuple[LoggedEvent, ...]:
        logged = [LoggedEvent(at, event) for at, event in enumerate(self.logged, start=1)]
        wanted = [
            one
            for one in logged
            if one.seq > after
            and (of is None or one.event.host == of.host or one.event.mac in of.macs)
        ]
        return tuple(wanted[:limit])

    @property
    def logged(self) -> list[Event]:
        return [change.event for change in self.committed if isinstance(change, LogEvent)]

    @property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.logged]


@dataclass
class Preparing:
    """Stands for the sockets: counts what was asked of them."""

    wanted: list[Desired] = field(default_factory=list[Desired])
    in_force: int = 0
    abandoned: int = 0

    async def __call__(self, desired: Desired) -> Prepared:
        self.wanted.append(desired)
        return Prepared(self._put_in_force, self._abandon)

    def _put_in_force(self) -> None:
        self.in_force += 1

    def _abandon(self) -> None:
        self.abandoned += 1


class World:
    """A daemon without a wire. Tokens are `token-1`, `token-2` …; `now` can be set."""

    def __init__(
        self,
        site: Site | None = SITE,
        boot_programs: Path = Path("/nowhere"),
        store: MemoryStore | None = None,
    ) -> None:
        self.now = NOW
        self.store = store or MemoryStore()
        self.memory = Memory(Remembered())
        self.ledger = Ledger(self.memory, self.store, lambda: self.now)
        numbers = count(1)
        self.machines = Machines(
            self.ledger, lambda: f"token-{next(numbers)}", most_unreported=1024
        )
        self.operator = OperatorWords(self.ledger)
        self.preparing = Preparing()
        self.contributions = Contributions(self.ledger, self.store, self.preparing)
        self.scripts = ScriptDesk(self.memory, BootScripts(read_templates()))
        self.events = WireEvents(self.ledger, self.machines)
        self.api = MachineApi(
            *(LAN, self.ledger, self.machines, self.scripts, boot_programs),
            lambda event: self.events.note(event, self.memory.leases_of("lan")),
        )
        self._site = site

    async def open(self) -> World:
        if self._site is not None:
            await self.put(Contribution("site", site=self._site))
        return self

    async def put(self, contribution: Contribution) -> PutOutcome:
        return await self.contributions.put(contribution, etag_of(contribution))

    async def put_files(self, folder: Path, *hosts: str) -> tuple[Ramdisk, Artifact]:
        """A ramdisk, and installations of the hosts."""
        ramdisk = Ramdisk(file(folder, "vmlinuz"), file(folder, "initrd.img"))
        image = file(folder, "node-image")
        wishes = tuple(Installation(host, image, IGNITION) for host in hosts)
        await self.put(Contribution("ramdisk", ramdisk=ramdisk))
        await self.put(Contribution("installations", installations=wishes))
        return ramdisk, image

    def lease(self, mac: str = MAC, address: IPv4Address = ADDRESS, seconds: float = 600) -> None:
        self.memory.leases_of("lan").apply(Bound(Lease(mac, address, self.now + seconds)))

    async def machine(self, mac: str = MAC, address: IPv4Address = ADDRESS) -> Machine:
        """Heard, with a lease."""
        self.lease(mac, address)
        return await self.machines.heard(mac)

    async def reported(self, report: HardwareReport = REPORT, last: int = 11) -> Machine:
        """Heard, with a lease, and its report stored."""
        heard = await self.machine(report.boot_mac, IPv4Address(f"10.7.0.{last}"))
        return await self.machines.reported(heard, report)

    def current(self, mac: str = MAC) -> Machine:
        return self.memory.machines[mac]

    def force(self, state: MachineState, mac: str = MAC) -> None:
        """Put a machine into a state by decree."""
        self.memory.machines[mac] = replace(self.memory.machines[mac], state=state)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: object = None,
        raw: bytes | None = None,
        peer: IPv4Address = ADDRESS,
        query: dict[str, str] | None = None,
    ) -> Any:
        """One request of a machine; the Answer."""
        document = _ANYTHING.dump_python(body)
        content = raw if raw is not None else json.dumps(document).encode()
        headers = {} if token is None else {"authorization": f"Bearer {token}"}
        answer = self.api.answer(
            Request(method, path, query or {}, headers, content, peer, LAN.ip_address)
        )
        return answer if isinstance(answer, Reply | FileReply) else await answer


def file(folder: Path, name: str) -> Artifact:
    path = folder / name
    path.write_bytes(name.encode() * 10)
    return Artifact(name, f"{name:x<64}", path.stat().st_size, str(path))


def document(reply: Reply) -> Any:
    """The JSON of a reply."""
    return json.loads(reply.body)
