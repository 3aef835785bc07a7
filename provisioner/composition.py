"""The daemon: puts the rooms together, binds everything, serves until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import resource
import secrets
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from inventory.errors import HarmonyError, OperatorError
from ipxe_templates import read_templates
from provisioner.ports import Event, Scalar
from provisioner.protocol.boot.desired import Desired
from provisioner.protocol.boot.script import BootScripts
from provisioner.serve.admin_api import AdminDesk, NetworkView, StatusView, admin_api
from provisioner.serve.admin_server import AdminServer
from provisioner.serve.artifact_file import problem_of
from provisioner.serve.contributions import Contributions, Prepared
from provisioner.serve.event_log import EventLog
from provisioner.serve.foreign_dhcp import Probing
from provisioner.serve.lease_desk import LeaseDesk
from provisioner.serve.ledger import Ledger
from provisioner.serve.machines import Machines
from provisioner.serve.memory import Memory
from provisioner.serve.network_services import BOOT_PROGRAMS, Rooms
from provisioner.serve.notify import notify
from provisioner.serve.operator_words import OperatorWords
from provisioner.serve.script_desk import ScriptDesk
from provisioner.serve.site_tls import SiteTls
from provisioner.serve.state_lock import StateLock
from provisioner.serve.wire import Wire
from provisioner.serve.wire_events import WireEvents
from provisioner.store.sqlite_store import SqliteStore

DATABASE = "state.sqlite3"
ADMIN_SOCKET = "admin.sock"


class _ToldToStop(Exception):
    """SIGTERM or SIGINT: the way out of the task group."""


class Daemon:
    """Everything a daemon is made of, over one state folder; `admin_mode` is its socket's, `runs` says
    what runs: sources or what was compiled of them. Raises OperatorError if it can't be."""

    def __init__(
        self, state: Path, boot_programs: Path, probing: Probing, admin_mode: int, runs: str
    ) -> None:
        self._runs = runs
        self._events = EventLog()
        self._store = SqliteStore(state / DATABASE, self._events.logged, write_lines=_write_lines)
        self._events.attach(self._store)
        self._memory = Memory(self._store.remembered())
        self._scripts = ScriptDesk(self._memory, BootScripts(read_templates()))
        ledger = Ledger(self._memory, self._store, time.time)
        machines = Machines(ledger, lambda: secrets.token_urlsafe(24))
        self._wire_events = WireEvents(ledger, machines)
        self._tls = SiteTls(state, lambda: self._memory.desired, time.time, ledger.log)
        rooms = Rooms(
            ledger=ledger,
            machines=machines,
            scripts=self._scripts,
            store=self._store,
            events=self._wire_events,
            boot_programs=boot_programs,
            tls=self._tls,
            clock=time.time,
            probing=probing,
        )
        self._wire = Wire(rooms)
        self._started = time.time()
        desk = AdminDesk(
            ledger=ledger,
            contributions=Contributions(ledger, self._store, self._prepare),
            operator=OperatorWords(ledger),
            leases=LeaseDesk(ledger, self._store),
            scripts=self._scripts,
            events=self._events,
            status=self._status,
        )
        self._admin = AdminServer(state / ADMIN_SOCKET, admin_api(desk, _version()), admin_mode)
        self._boot_programs = boot_programs
        if self._memory.desired.site is None:
            self._require_boot_programs()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Everything is bound before anything is served."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        self._store.start()
        try:
            await self._bind()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._wire_events.follow())
                self._wire.start(tasks)
                tasks.create_task(self._tls.keep())
                tasks.create_task(self._admin.serve())
                _write_lines(f"the daemon {self._runs}")
                notify("READY=1", os.environ.get("NOTIFY_SOCKET"))
                await stop.wait()
                notify("STOPPING=1", os.environ.get("NOTIFY_SOCKET"))
                raise _ToldToStop
        except* _ToldToStop:
            pass
        finally:
            self._wire.close()
            self._admin.close()
            self._store.close()

    async def _bind(self) -> None:
        for missing in self._missing_files():
            detail: dict[str, Scalar] = {"problem": missing}
            self._events.append(Event(time.time(), "ServedFileMissing", detail=detail))
        self._scripts.rehearse(self._memory.desired)
        self._admin.bind()
        self._tls.follow()
        prepared = await self._wire.prepare(self._memory.desired, alone=False)
        prepared.put_in_force()

    async def _prepare(self, desired: Desired) -> Prepared:
        self._scripts.rehearse(desired)
        return await self._wire.prepare(desired)

    def _require_boot_programs(self) -> None:
        """With a stored site it serves what there is: a cluster must not lose its DNS because somebody
        has emptied a cache."""
        for missing in self._missing_boot_programs():
            raise OperatorError(
                f"the boot program {missing} is missing: `provisioner serve` and "
                "`provisioner install-service` unpack it, --boot-programs names its folder"
            )

    def _missing_boot_programs(self) -> Iterator[Path]:
        for name in BOOT_PROGRAMS:
            if not (self._boot_programs / name).is_file():
                yield self._boot_programs / name

    def _missing_files(self) -> Iterator[str]:
        for artifact in self._memory.desired.artifacts.values():
            if problem := problem_of(artifact):
                yield f"the artifact {artifact.name} {problem}: {artifact.path}"
        for missing in self._missing_boot_programs():
            yield f"the boot program {missing.name} isn't there: {missing}"

    def _status(self) -> StatusView:
        site = self._memory.desired.site
        return StatusView(
            version=_version(),
            pid=os.getpid(),
            started=self._started,
            site=None if site is None else site.name,
            networks=tuple(
                NetworkView(network.name, network.interface, network.address, withheld)
                for one in self._wire.services
                for network, withheld in one.served()
            ),
            foreign_dhcp_servers=tuple(
                f"{server} on {one.network.interface}"
                for one in self._wire.services
                for server in sorted(one.foreign_servers)
            ),
            missing_files=tuple(self._missing_files()),
            contributions=len(self._memory.contributions),
            machines=len(self._memory.machines),
            ca_certificate=self._tls.ca.certificate,
            ca_sha256=self._tls.ca.fingerprint,
        )


def _version() -> str:
    try:
        return version("harmony-provisioner")
    except PackageNotFoundError:
        return "0 (not installed)"


def _write_lines(lines: str) -> None:
    with contextlib.suppress(OSError):  # a full disk under the log is no reason to stop
        sys.stderr.write(lines + "\n")
        sys.stderr.flush()


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="provisioner.daemon", description=__doc__)
    parser.add_argument("--state", type=Path, required=True, help="the folder of its state")
    parser.add_argument(
        "--boot-programs",
        type=Path,
        default=Path("/usr/lib/ipxe"),
        help="the folder of iPXE's binaries (default: %(default)s)",
    )
    parser.add_argument(
        "--cache",
        type=Path,
        help="the folder of what is built: the daemon runs its own modules compiled if it has them",
    )
    parser.add_argument(
        "--probe-every",
        type=float,
        metavar="SECONDS",
        default=Probing().interval,
        help="how often to look for another DHCP server (default: %(default)s)",
    )
    parser.add_argument(
        "--probe-wait",
        type=float,
        metavar="SECONDS",
        default=Probing().wait,
        help="how long its answer may take (default: %(default)s)",
    )
    parser.add_argument(
        "--admit-group",
        action="store_const",
        const=0o660,
        default=0o600,
        dest="admin_mode",
        help="let the members of its group use the admin API too",
    )
    return parser.parse_args(arguments)


def serve(arguments: Sequence[str] | None, runs: str) -> int:
    """The exit code: 0 after a clean stop, 1 when it can't serve. `runs` says what runs."""
    told = _arguments(arguments)
    try:
        os.umask(0o077)
        _have_every_descriptor()
        _collect_rarely()
        told.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = StateLock(told.state)
        try:
            probing = Probing(told.probe_every, told.probe_wait)
            daemon = Daemon(told.state, told.boot_programs, probing, told.admin_mode, runs)
            asyncio.run(daemon.run())
        finally:
            lock.release()
    except HarmonyError as error:
        sys.stderr.write(f"provisioner: {error}\n")
        return 1
    except ExceptionGroup as group:
        known, bugs = group.split(HarmonyError)
        if known is None or bugs is not None:
            raise
        sys.stderr.write(f"provisioner: {_first(known)}\n")
        return 1
    return 0


def _collect_rarely() -> None:
    """What packets leave behind is freed by counting references; looking for cycles among all machines
    again and again would cost more than answering them."""
    gc.set_threshold(50_000, 20, 50)


def _have_every_descriptor() -> None:
    """A thousand, which is usual, are too few for every connection and transfer that a network may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _first(group: ExceptionGroup[HarmonyError]) -> HarmonyError:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, ExceptionGroup) else first
