"""What machines may ask over HTTP: their own script, orders and Ignition config, and artifacts.

Who asks is the machine whose lease the source address is; what is secret wants its token besides. No
request here can approve a machine or change what is declared. What memory can answer is answered at
once: a boot script never waits for the disk, a BMC or another machine's business.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from inventory.errors import PeerError
from inventory.host import Firmware
from inventory.mac import normal_mac
from inventory.machine_state import MachineState
from inventory.network import Network
from provisioner.ports import StoreFailed
from provisioner.protocol.boot.errors import ImpossibleReport, OutOfTurn
from provisioner.protocol.boot.machine import Machine
from provisioner.serve.agent_api import AgentApi
from provisioner.serve.askers import Asker, Askers, same_token
from provisioner.serve.errors import NotAllowed
from provisioner.serve.http_document import document_of
from provisioner.serve.http_message import (
    Answer,
    FileReply,
    Handler,
    Reply,
    Request,
    RequestRefused,
    text,
)
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines
from provisioner.serve.occupants import Occupants
from provisioner.serve.script_desk import ScriptDesk
from provisioner.serve.served_files import ServedFiles

_PLATFORMS = {"pcbios": Firmware.BIOS, "efi": Firmware.UEFI}


@dataclass(frozen=True, slots=True)
class FirstBoot:
    """What the installed system says when its first boot is complete."""

    machine_id: str = ""
    kernel: str = ""


_FIRST_BOOT = TypeAdapter(FirstBoot)


class MachineApi:
    """The requests that come in by one network's interface. `boot_programs` is the folder of iPXE's
    binaries; `occupants` tells who has which address, if not that network's leases alone."""

    def __init__(
        self,
        network: Network,
        ledger: Ledger,
        machines: Machines,
        scripts: ScriptDesk,
        boot_programs: Path,
        on_event: Callable[[RequestRefused], None],
        occupants: Occupants | None = None,
    ) -> None:
        self._memory = ledger.memory
        self._machines = machines
        self._scripts = scripts
        self._on_event = on_event
        self._askers = Askers(network, ledger, occupants)
        files = ServedFiles(ledger.memory, self._askers, boot_programs)
        agent = AgentApi(ledger, machines, self._askers)
        self._routes: dict[str, dict[str, Handler]] = {
            "boot.ipxe": {"GET": self._script, "HEAD": self._script},
            "artifacts": {"GET": files.artifact, "HEAD": files.artifact},
            "ipxe": {"GET": files.boot_program, "HEAD": files.boot_program},
            "ignition": {"GET": self._ignition},
            "first-boot": {"POST": self._first_boot},
            "agent": {"POST": agent.says, "GET": agent.asks},
        }

    def answer(self, request: Request) -> Answer | Awaitable[Answer]:
        """The answer to any request at all; what is wrong with it is a status below 500."""
        first = request.path.split("/", 2)[1]
        methods = self._routes.get(first)
        if methods is None:
            return text(404, "there is nothing like that here")
        route = methods.get(request.method)
        if route is None:
            allowed = ("Allow", ", ".join(methods))
            return text(405, "there is nothing like that here", headers=(allowed,))
        try:
            answer = route(request)
        except _REFUSED as error:
            answer = _refusal(error)
        if isinstance(answer, Reply | FileReply):
            return self._told(request, first, answer)
        return self._awaited(request, first, answer)

    def script_by_tftp(self, peer: IPv4Address, reached: IPv4Address) -> bytes | None:
        """The script for firmware that speaks no HTTP. None where HTTP would refuse it, and for a machine
        whose token isn't on disk yet: that comes with its DHCP exchange."""
        request = Request("GET", "/boot.ipxe", {}, {}, b"", peer, reached)
        try:
            if self._memory.machine_of(self._askers.of(request).mac) is None:
                return None
        except NotAllowed:
            return None
        answer = self.answer(request)
        return answer.body if isinstance(answer, Reply) and answer.status == 200 else None

    async def _awaited(self, request: Request, first: str, answer: Awaitable[Answer]) -> Answer:
        try:
            known = await answer
        except _REFUSED as error:
            known = _refusal(error)
        return self._told(request, first, known)

    def _told(self, request: Request, first: str, answer: Answer) -> Answer:
        if isinstance(answer, Reply) and answer.status >= 400:
            reason = answer.body.decode().strip()
            self._on_event(RequestRefused(request.peer, answer.status, first, reason))
        return answer

    def _script(self, request: Request) -> Answer | Awaitable[Answer]:
        asker = self._askers.of(request)
        self._askers.require_running_lease(request)
        if not self._memory.boots_from_here(asker.mac):
            raise NotAllowed("this host is declared to boot nothing over the network")
        machine = self._memory.machine_of(asker.mac)
        if machine is None:
            return self._first_script(request, asker)
        return self._script_of(machine, request, asker)

    async def _first_script(self, request: Request, asker: Asker) -> Answer:
        """The machine is new: it has its token once that is committed."""
        machine = await self._machines.heard(asker.mac)
        return self._script_of(machine, request, asker)

    def _script_of(self, machine: Machine, request: Request, asker: Asker) -> Answer:
        _require_own(request.query.get("mac"), asker, machine)
        firmware = _PLATFORMS.get(request.query.get("platform", ""))
        if firmware is None:
            host = self._memory.desired.host(self._memory.host_name_of_mac(asker.mac))
            firmware = host.firmware if host is not None else Firmware.BIOS
        script = self._scripts.script_for(machine, asker.mac, firmware, asker.url)
        if request.method == "GET":
            plan = type(script.plan).__name__
            self._askers.log("ScriptServed", machine, plan=plan, firmware=firmware.value)
        return Reply(200, script.text.encode())

    def _ignition(self, request: Request) -> Answer:
        machine = self._askers.known(self._askers.of(request))
        order = machine.order
        token = request.path.removeprefix("/ignition/")
        own = [machine.token] if order is None else [machine.token, order.token]
        if not any(same_token(token, each) for each in own):
            raise NotAllowed("that Ignition config is another machine's")
        if machine.state is MachineState.READY:
            return text(410, "this machine is ready; its config has been erased")
        under_way = machine.state in (MachineState.INSTALLING, MachineState.INSTALLED)
        key = None if order is None else (order.host, order.ignition_sha256)
        config = None if key is None else self._memory.ignitions.get(key)
        if not under_way or order is None or config is None or not same_token(token, order.token):
            return text(503, "not ready yet; ask again", headers=(("Retry-After", "2"),))
        agent = request.headers.get("user-agent", "")[:200]
        self._askers.log("IgnitionServed", machine, sha256=order.ignition_sha256, user_agent=agent)
        return Reply(200, config.encode(), "application/vnd.coreos.ignition+json")

    async def _first_boot(self, request: Request) -> Answer:
        machine = self._askers.known(self._askers.of(request))
        token = request.path.removeprefix("/first-boot/")
        if machine.order is None or not same_token(token, machine.order.token):
            raise NotAllowed("that is not this machine's token")
        told = document_of(_FIRST_BOOT, request)
        await self._machines.first_boot_reported(machine, told.machine_id[:200], told.kernel[:200])
        return text(200, "well done")


_REFUSED = (ValidationError, PeerError, StoreFailed)
_STATUS: dict[type[PeerError], int] = {NotAllowed: 403, OutOfTurn: 409, ImpossibleReport: 422}


def _refusal(error: ValidationError | PeerError | StoreFailed) -> Reply:
    if isinstance(error, ValidationError):
        return text(422, f"not understood: {error.error_count()} faults in the document")
    if isinstance(error, PeerError):
        return text(_STATUS.get(type(error), 400), str(error))
    return text(503, "it could not be stored; ask again")


def _require_own(written: str | None, asker: Asker, machine: Machine) -> None:
    """The MAC in the URL, if there is one, is the asker's or of another NIC of its machine."""
    if written is None:
        return
    try:
        mac = normal_mac(written)
    except ValueError as error:
        raise ImpossibleReport(str(error)) from error
    if mac != asker.mac and mac not in machine.macs:
        raise NotAllowed("that script is another machine's")
