"""What machines may ask over HTTP: their own script, orders and Ignition config, and artifacts.

Who asks is the machine whose lease the source address is; what is secret wants its token besides. No
request here can approve a machine or change what is declared.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from inventory.contribution import Artifact
from inventory.errors import PeerError
from inventory.host import Firmware
from inventory.mac import normal_mac
from inventory.machine_state import MachineState
from inventory.network import Network
from provisioner.agent.messages import (
    Begun,
    Failed,
    HardwareReport,
    Order,
    Progress,
    Wait,
    Written,
)
from provisioner.ports import Event, StoreFailed
from provisioner.protocol.boot.errors import ImpossibleReport, OutOfTurn
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.recognition import sound
from provisioner.serve.artifact_file import problem_of
from provisioner.serve.errors import NotAllowed
from provisioner.serve.http_message import Answer, FileReply, Reply, Request, RequestRefused, text
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines
from provisioner.serve.script_desk import ScriptDesk, base_url

HOLD_SECONDS = 10.0
_PLATFORMS = {"pcbios": Firmware.BIOS, "efi": Firmware.UEFI}
_Body = TypeVar("_Body")


@dataclass(frozen=True, slots=True)
class FirstBoot:
    """What the installed system says when its first boot is complete."""

    machine_id: str = ""
    kernel: str = ""


@dataclass(frozen=True, slots=True)
class ServerTime:
    """Epoch seconds, for the machine's clock."""

    server_time: float


_REPORT = TypeAdapter(HardwareReport)
_PROGRESS = TypeAdapter(Progress)
_BEGUN = TypeAdapter(Begun)
_WRITTEN = TypeAdapter(Written)
_FAILED = TypeAdapter(Failed)
_FIRST_BOOT = TypeAdapter(FirstBoot)
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_TIME = TypeAdapter(ServerTime)


@dataclass(frozen=True, slots=True)
class _Asker:
    """Who asks: the MAC whose lease the source address is, and where it reaches us."""

    mac: str
    url: str


class MachineApi:
    """One network's requests. `boot_programs` is the folder of iPXE's binaries."""

    def __init__(
        self,
        network: Network,
        ledger: Ledger,
        machines: Machines,
        scripts: ScriptDesk,
        boot_programs: Path,
        on_event: Callable[[RequestRefused], None],
    ) -> None:
        self._network = network
        self._ledger = ledger
        self._memory = ledger.memory
        self._leases = ledger.memory.leases_of(network.name)
        self._machines = machines
        self._scripts = scripts
        self._boot_programs = boot_programs
        self._on_event = on_event
        self._routes: dict[tuple[str, str], Callable[[Request], Awaitable[Answer]]] = {
            ("GET", "boot.ipxe"): self._script,
            ("GET", "artifacts"): self._artifact,
            ("HEAD", "artifacts"): self._artifact,
            ("GET", "ipxe"): self._boot_program,
            ("HEAD", "ipxe"): self._boot_program,
            ("GET", "ignition"): self._ignition,
            ("POST", "first-boot"): self._first_boot,
            ("POST", "agent"): self._agent_says,
            ("GET", "agent"): self._agent_asks,
        }

    async def answer(self, request: Request) -> Answer:
        """The answer to any request at all; what is wrong with it is a status below 500."""
        first = request.path.split("/")[1]
        route = self._routes.get((request.method, first))
        if route is None:
            known = any(first == each for _, each in self._routes)
            return text(405 if known else 404, "there is nothing like that here")
        answer = await self._routed(route, request)
        if isinstance(answer, Reply) and answer.status >= 400:
            reason = answer.body.decode().strip()
            self._on_event(RequestRefused(request.peer, answer.status, first, reason))
        return answer

    async def _routed(
        self, route: Callable[[Request], Awaitable[Answer]], request: Request
    ) -> Answer:
        try:
            return await route(request)
        except ValidationError as error:
            return text(422, f"not understood: {error.error_count()} faults in the document")
        except PeerError as error:
            return text(_STATUS.get(type(error), 400), str(error))
        except StoreFailed:
            return text(503, "it could not be stored; ask again")

    async def _script(self, request: Request) -> Answer:
        asker = self._asker(request)
        if self._leases.owner(request.peer, self._ledger.now()) is None:
            raise NotAllowed(f"the lease of {request.peer} has expired")
        machine = await self._machines.heard(asker.mac)
        self._require_own(request.query.get("mac"), asker, machine)
        platform = request.query.get("platform", "")
        firmware = _PLATFORMS.get(platform)
        if firmware is None:
            host = self._memory.desired.host(self._memory.host_name_of_mac(asker.mac))
            firmware = host.firmware if host is not None else Firmware.BIOS
        script = self._scripts.script_for(machine, asker.mac, firmware, asker.url)
        self._log("ScriptServed", machine, plan=type(script.plan).__name__, firmware=firmware.value)
        return Reply(200, script.text.encode())

    def _require_own(self, written: str | None, asker: _Asker, machine: Machine) -> None:
        """The MAC in the URL, if there is one, is the asker's or of another NIC of its machine."""
        if written is None:
            return
        try:
            mac = normal_mac(written)
        except ValueError as error:
            raise ImpossibleReport(str(error)) from error
        if mac != asker.mac and mac not in machine.macs:
            raise NotAllowed("that script is another machine's")

    async def _artifact(self, request: Request) -> Answer:
        parts = request.path.split("/")
        artifact = self._memory.artifact(parts[2]) if len(parts) > 3 else None
        if artifact is None:
            return text(404, "there is no such artifact")
        if problem := problem_of(artifact):
            words = f"{artifact.name} {problem}; ask again"
            return text(503, words, headers=(("Retry-After", "10"),))
        self._note_artifact(request, artifact)
        return FileReply(Path(artifact.path), artifact.sha256)

    def _note_artifact(self, request: Request, artifact: Artifact) -> None:
        """What a machine fetched last says where it got stuck."""
        lease = self._leases.holder(request.peer)
        machine = None if lease is None else self._memory.machine_of(lease.mac)
        if machine is not None and request.method == "GET":
            part = request.headers.get("range", "all")[:100]
            self._log("ArtifactAsked", machine, name=artifact.name, part=part)

    async def _boot_program(self, request: Request) -> Answer:
        if request.path != "/ipxe/snponly.efi":
            return text(404, "there is no such boot program")
        program = self._boot_programs / "snponly.efi"
        return FileReply(program, "snponly", "application/efi")

    async def _ignition(self, request: Request) -> Answer:
        machine = self._known(self._asker(request))
        order = machine.order
        token = request.path.removeprefix("/ignition/")
        own = [machine.token] if order is None else [machine.token, order.token]
        if not any(_same(token, each) for each in own):
            raise NotAllowed("that Ignition config is another machine's")
        if machine.state is MachineState.READY:
            return text(410, "this machine is ready; its config has been erased")
        under_way = machine.state in (MachineState.INSTALLING, MachineState.INSTALLED)
        key = None if order is None else (order.host, order.ignition_sha256)
        config = None if key is None else self._memory.ignitions.get(key)
        if not under_way or order is None or config is None or not _same(token, order.token):
            return text(503, "not ready yet; ask again", headers=(("Retry-After", "2"),))
        agent = request.headers.get("user-agent", "")[:200]
        self._log("IgnitionServed", machine, sha256=order.ignition_sha256, user_agent=agent)
        return Reply(200, config.encode(), "application/vnd.coreos.ignition+json")

    async def _first_boot(self, request: Request) -> Answer:
        machine = self._known(self._asker(request))
        token = request.path.removeprefix("/first-boot/")
        if machine.order is None or not _same(token, machine.order.token):
            raise NotAllowed("that is not this machine's token")
        told = _read(_FIRST_BOOT, request)
        await self._machines.first_boot_reported(machine, told.machine_id[:200], told.kernel[:200])
        return text(200, "well done")

    async def _agent_says(self, request: Request) -> Answer:
        asker = self._asker(request)
        machine = self._agents_machine(asker, request)
        match request.path:
            case "/agent/report":
                report = sound(_read(_REPORT, request))
                if report.boot_mac != asker.mac:
                    raise NotAllowed("that report is of another machine")
                await self._machines.reported(machine, report)
                return _json(_TIME, ServerTime(self._ledger.now()))
            case "/agent/progress":
                self._machines.progressed(machine, _read(_PROGRESS, request))
            case "/agent/begun":
                await self._machines.begun(machine, _read(_BEGUN, request))
            case "/agent/written":
                await self._machines.written(machine, _read(_WRITTEN, request))
            case "/agent/failed":
                await self._machines.failed(machine, _read(_FAILED, request))
            case _:
                return text(404, "there is nothing like that here")
        return text(200, "noted")

    async def _agent_asks(self, request: Request) -> Answer:
        """The order, held back for some seconds while there is nothing to do."""
        asker = self._asker(request)
        if request.path != "/agent/order":
            return text(404, "there is nothing like that here")
        machine = self._agents_machine(asker, request)
        loop = asyncio.get_running_loop()
        end = loop.time() + HOLD_SECONDS
        while True:
            order = await self._machines.next_order(machine, asker.url)
            remaining = end - loop.time()
            if not isinstance(order, Wait) or remaining <= 0:
                return _json(_ORDER, order)
            await self._ledger.changed(remaining)
            machine = self._agents_machine(asker, request)

    def _asker(self, request: Request) -> _Asker:
        """Also by a lease that has just expired: the address is nobody else's yet."""
        site = self._memory.desired.site
        lease = self._leases.holder(request.peer)
        if site is None or lease is None:
            raise NotAllowed(f"no machine has a lease of {request.peer}")
        self._memory.hear(lease.mac, self._ledger.now())
        return _Asker(lease.mac, base_url(self._network, site))

    def _known(self, asker: _Asker) -> Machine:
        machine = self._memory.machine_of(asker.mac)
        if machine is None:
            raise NotAllowed(f"no machine is known by the MAC {asker.mac}")
        return machine

    def _agents_machine(self, asker: _Asker, request: Request) -> Machine:
        machine = self._known(asker)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not _same(token.strip(), machine.token):
            raise NotAllowed("that is not this machine's token")
        return machine

    def _log(self, kind: str, machine: Machine, **detail: str) -> None:
        host = machine.host or self._memory.host_name_of_mac(machine.mac)
        self._ledger.log(Event(self._ledger.now(), kind, machine.mac, host, dict(detail)))


_STATUS: dict[type[PeerError], int] = {NotAllowed: 403, OutOfTurn: 409, ImpossibleReport: 422}


def _same(given: str, expected: str) -> bool:
    """In constant time, so that a token can't be guessed by the clock."""
    return hmac.compare_digest(given.encode(), expected.encode())


def _read(adapter: TypeAdapter[_Body], request: Request) -> _Body:
    """The body, only if it survives being stored and read again (a NaN doesn't)."""
    value = adapter.validate_json(request.body)
    if adapter.validate_json(adapter.dump_json(value)) != value:
        raise ImpossibleReport("a number that isn't one")
    return value


def _json(adapter: TypeAdapter[_Body], value: _Body) -> Reply:
    return Reply(200, adapter.dump_json(value), "application/json")
