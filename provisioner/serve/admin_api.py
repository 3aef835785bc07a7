"""The admin API: HTTP on a Unix socket, for the command and its adapters. Nothing from the wire gets here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field
from typing import Annotated, Literal

from fastapi import Body, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from pydantic import TypeAdapter

from inventory.contribution import Contribution
from inventory.errors import OperatorError
from inventory.mac import normal_mac
from provisioner.ports import Event, EventsOf, Scalar, StoreFailed
from provisioner.serve.contributions import Contributions, PutOutcome
from provisioner.serve.errors import NoSuchThing
from provisioner.serve.event_log import EventLog
from provisioner.serve.lease_api import add_leases
from provisioner.serve.lease_desk import LeaseDesk
from provisioner.serve.ledger import Ledger
from provisioner.serve.operator_words import OperatorWords
from provisioner.serve.preparations import Preparation
from provisioner.serve.script_desk import ScriptDesk
from provisioner.serve.views import (
    EventView,
    HostView,
    MachineView,
    Views,
    event_view,
)

_CONTRIBUTION = TypeAdapter(Contribution)
_EVENT = TypeAdapter(EventView)


@dataclass(frozen=True, slots=True)
class OwnerView:
    owner: str
    etag: str


@dataclass(frozen=True, slots=True)
class Approval:
    host: str


@dataclass(frozen=True, slots=True)
class CommandsEvent:
    """What a command has found out; `host` is the one that it is about."""

    kind: Literal["CheckChanged", "CheckDropped"]
    host: str | None = None
    detail: dict[str, Scalar] = field(default_factory=dict[str, Scalar])


@dataclass(frozen=True, slots=True)
class NetworkView:
    """A network that is served. `withheld`: why no address is handed out, empty while they are."""

    name: str
    interface: str
    address: str
    withheld: str


@dataclass(frozen=True, slots=True)
class StatusView:
    """`started` in epoch seconds; `foreign_dhcp_servers` as `address (MAC) on interface`;
    `missing_files` are sentences about what is to be served and isn't there as it should be;
    `ca_certificate` (PEM) and `ca_sha256` are whom HTTPS clients are to trust."""

    version: str
    pid: int
    started: float
    site: str | None
    networks: tuple[NetworkView, ...]
    foreign_dhcp_servers: tuple[str, ...]
    missing_files: tuple[str, ...]
    contributions: int
    machines: int
    ca_certificate: str
    ca_sha256: str


@dataclass(frozen=True, slots=True)
class AdminDesk:
    """Everything the API speaks for."""

    ledger: Ledger
    contributions: Contributions
    operator: OperatorWords
    leases: LeaseDesk
    scripts: ScriptDesk
    events: EventLog
    status: Callable[[], StatusView]


def etag_of(contribution: Contribution) -> str:
    """The sha256, in hex, of the contribution's canonical JSON (sorted keys, compact)."""
    document = _CONTRIBUTION.dump_python(contribution, mode="json")
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def admin_api(desk: AdminDesk, version: str) -> FastAPI:
    """The application, with its OpenAPI document at `/openapi.json`."""
    api = FastAPI(title="Harmony Provisioner", version=version, docs_url=None, redoc_url=None)
    api.add_exception_handler(OperatorError, _refused)
    api.add_exception_handler(StoreFailed, _not_stored)
    api.add_exception_handler(RequestValidationError, _not_understood)
    _add_contributions(api, desk)
    _add_machines(api, desk)
    add_leases(api, desk.leases)
    _add_events(api, desk)
    _add_service(api, desk)
    return api


def _add_contributions(api: FastAPI, desk: AdminDesk) -> None:
    @api.put("/v1/contributions/{owner:path}")
    async def put(owner: str, contribution: Annotated[Contribution, Body()]) -> PutOutcome:
        if contribution.owner != owner:
            raise OperatorError(f"the document is of {contribution.owner!r}, not of {owner!r}")
        return await desk.contributions.put(contribution, etag_of(contribution))

    @api.get("/v1/contributions")
    async def owners() -> list[OwnerView]:
        return [OwnerView(owner, etag) for owner, etag in desk.contributions.etags().items()]

    @api.get("/v1/contributions/{owner:path}")
    async def contribution_of(owner: str) -> Contribution:
        """As it was put, with every Ignition text replaced by its digest."""
        stored = desk.ledger.memory.contributions.get(owner)
        if stored is None:
            raise NoSuchThing(f"there is no contribution of {owner!r}")
        return stored.contribution

    @api.delete("/v1/contributions/{owner:path}", status_code=204)
    async def delete(owner: str) -> None:
        await desk.contributions.delete(owner)

    _ = put, owners, contribution_of, delete


def _add_machines(api: FastAPI, desk: AdminDesk) -> None:
    views = Views(desk.ledger)

    @api.get("/v1/hosts")
    async def hosts() -> list[HostView]:
        return views.hosts()

    @api.get("/v1/machines")
    async def machines() -> list[MachineView]:
        return views.machines()

    @api.post("/v1/machines/{mac}/approval", status_code=204)
    async def approve(mac: str, approval: Annotated[Approval, Body()]) -> None:
        await desk.operator.approve(_mac(mac), approval.host)

    @api.post("/v1/hosts/{host}/reinstall", status_code=204)
    async def reinstall(host: str) -> None:
        await desk.operator.reinstall(host)

    @api.post("/v1/hosts/{host}/retry", status_code=204)
    async def retry(host: str) -> None:
        await desk.operator.retry(host)

    @api.get("/v1/hosts/{host}/script", response_class=PlainTextResponse)
    async def script(host: str) -> str:
        declared = desk.ledger.memory.desired.host(host)
        if declared is None:
            raise NoSuchThing(f"the declaration has no host {host}")
        return desk.scripts.preview(declared)

    _ = hosts, machines, approve, reinstall, retry, script


def _add_events(api: FastAPI, desk: AdminDesk) -> None:
    def of(host: str | None) -> EventsOf | None:
        if host is None:
            return None
        declared = desk.ledger.memory.desired.host(host)
        machine = None if declared is None else desk.ledger.memory.machine_of_host(declared)
        return EventsOf(host, () if machine is None else machine.macs)

    @api.get("/v1/events")
    async def events(
        after: Annotated[int, Query(ge=0)] = 0,
        host: str | None = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
    ) -> list[EventView]:
        return [event_view(one) for one in await desk.events.read(after, of(host), limit)]

    @api.post("/v1/events", status_code=204)
    async def tell(event: Annotated[CommandsEvent, Body()]) -> None:
        now = desk.ledger.now()
        desk.ledger.log(Event(now, event.kind, None, event.host, event.detail))

    @api.get("/v1/events/stream", response_class=StreamingResponse)
    async def stream(after: Annotated[int, Query(ge=0)] = 0) -> Response:
        """One JSON object a line, held open."""

        async def lines() -> AsyncIterator[bytes]:
            async for one in desk.events.follow(after):
                yield _EVENT.dump_json(event_view(one)) + b"\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    _ = events, tell, stream


def _add_service(api: FastAPI, desk: AdminDesk) -> None:
    preparations = desk.ledger.memory.preparations

    @api.put("/v1/preparations/{name:path}", status_code=204)
    async def put(name: str, preparation: Annotated[Preparation, Body()]) -> None:
        preparations.put(name, preparation)

    @api.delete("/v1/preparations/{name:path}", status_code=204)
    async def delete(name: str) -> None:
        preparations.remove(name)
        desk.ledger.wake()

    @api.get("/v1/status")
    async def status() -> StatusView:
        return desk.status()

    _ = put, delete, status


def _mac(written: str) -> str:
    try:
        return normal_mac(written)
    except ValueError as error:
        raise NoSuchThing(str(error)) from error


async def _refused(_: Request, error: Exception) -> Response:
    """An operator's error: 404 for what isn't there, 409 for what can't be."""
    assert isinstance(error, OperatorError), "registered for it alone"
    status = 404 if isinstance(error, NoSuchThing) else 409
    diagnostics = [asdict(one) for one in error.diagnostics]
    return JSONResponse({"message": str(error), "diagnostics": diagnostics}, status)


async def _not_stored(_: Request, error: Exception) -> Response:
    return JSONResponse({"message": str(error), "diagnostics": []}, 503)


async def _not_understood(_: Request, error: Exception) -> Response:
    """What is wrong and where, never what was sent: secrets are in it."""
    assert isinstance(error, RequestValidationError), "registered for it alone"
    faults = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return JSONResponse({"message": "; ".join(faults), "diagnostics": []}, 422)
