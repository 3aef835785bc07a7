"""What the agent in the ramdisk says, and what it is told, over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from pydantic import TypeAdapter

from provisioner.agent.messages import (
    Begun,
    Failed,
    HardwareReport,
    Order,
    Progress,
    Wait,
    Written,
)
from provisioner.protocol.boot.recognition import sound
from provisioner.serve.askers import Askers
from provisioner.serve.errors import NotAllowed
from provisioner.serve.http_document import document_of, document_reply
from provisioner.serve.http_message import Answer, Request, text
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines

HOLD_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class ServerTime:
    """Epoch seconds, for the machine's clock."""

    server_time: float


_REPORT = TypeAdapter(HardwareReport)
_PROGRESS = TypeAdapter(Progress)
_BEGUN = TypeAdapter(Begun)
_WRITTEN = TypeAdapter(Written)
_FAILED = TypeAdapter(Failed)
_ORDER: TypeAdapter[Order] = TypeAdapter(Order)
_TIME = TypeAdapter(ServerTime)


class AgentApi:
    """Its machine's token is on every request. Raises PeerError, StoreFailed and pydantic's
    ValidationError."""

    def __init__(self, ledger: Ledger, machines: Machines, askers: Askers) -> None:
        self._ledger = ledger
        self._machines = machines
        self._askers = askers

    async def says(self, request: Request) -> Answer:
        asker = self._askers.of(request)
        machine = self._askers.agents_machine(asker, request)
        match request.path:
            case "/agent/report":
                report = sound(document_of(_REPORT, request))
                if report.boot_mac != asker.mac:
                    raise NotAllowed("that report is of another machine")
                await self._machines.reported(machine, report)
                return document_reply(_TIME, ServerTime(self._ledger.now()))
            case "/agent/progress":
                self._machines.progressed(machine, document_of(_PROGRESS, request))
            case "/agent/begun":
                await self._machines.begun(machine, document_of(_BEGUN, request))
            case "/agent/written":
                await self._machines.written(machine, document_of(_WRITTEN, request))
            case "/agent/failed":
                await self._machines.failed(machine, document_of(_FAILED, request))
            case _:
                return text(404, "there is nothing like that here")
        return text(200, "noted")

    async def asks(self, request: Request) -> Answer:
        """The order, held back for some seconds while there is nothing to do."""
        asker = self._askers.of(request)
        if request.path != "/agent/order":
            return text(404, "there is nothing like that here")
        machine = self._askers.agents_machine(asker, request)
        loop = asyncio.get_running_loop()
        end = loop.time() + HOLD_SECONDS
        while True:
            order = await self._machines.next_order(machine, asker.url)
            remaining = end - loop.time()
            if not isinstance(order, Wait) or remaining <= 0:
                return document_reply(_ORDER, order)
            await self._ledger.changed(remaining)
            machine = self._askers.agents_machine(asker, request)
