"""A run's parts by hand: a daemon that is only said to be there, a site that takes what it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from typing_extensions import override

from harmony.domain.capability.boot_service import RamdiskSpec
from harmony.domain.outcome import Change
from inventory.errors import OperatorError, PeerError
from provisioner.cli.board import Board, RowChanged
from provisioner.cli.carry_out import Run
from provisioner.cli.daemon_keeper import DaemonKeeper
from provisioner.cli.foreign_dhcp_watch import ForeignDhcpWatch
from provisioner.cli.host_rows import HostRows
from provisioner.cli.image_builds import ImageBuilds
from provisioner.cli.ramdisk_offer import Preparations, RamdiskOffer
from provisioner.cli.views import View, Watch
from tests.harmony.modules.kubernetes.recording_site import RecordingSite
from tests.harmony.scripted import Room
from tests.peers.stand_in_builder import command

NOWHERE = Path("/nowhere")


class SaidDaemon(DaemonKeeper):
    """Notes what is wanted of it; dies `dies` times at once, for good if the start is refused."""

    def __init__(self, refusal: str = "") -> None:
        super().__init__(NOWHERE, NOWHERE, NOWHERE, _yes, print)
        self.wanted: list[str] = []
        self.on_start: Callable[[], None] = lambda: None
        self._refusal = refusal

    @override
    async def ensure_serving(self) -> None:
        self.wanted.append("serve")
        self.on_start()
        if self._refusal:
            raise OperatorError(self._refusal)

    @override
    async def keep(self) -> None:
        await asyncio.Event().wait()

    @override
    async def stop(self) -> None:
        self.wanted.append("stop")


async def _yes() -> bool:
    return True


class Notebook(View):
    """Everything that was told and said."""

    def __init__(self) -> None:
        self.rows: list[RowChanged] = []
        self.said: list[str] = []

    @override
    def show(self, board: Board, said: RowChanged, worth_a_line: bool) -> None:
        self.rows.append(said)

    @override
    def say(self, line: str) -> None:
        self.said.append(line)


class Boot(RecordingSite, Preparations):
    """Takes the ramdisk and the builders' words."""

    @override
    async def ensure_ramdisk(self, spec: RamdiskSpec) -> Change:
        return Change(True)

    @override
    async def put_preparation(
        self, name: str, percent: float, remaining_seconds: float | None
    ) -> None:
        pass

    @override
    async def delete_preparation(self, name: str) -> None:
        pass


@dataclass
class Views:
    """The daemon's answers: hosts and events; nobody answers once it is `gone`."""

    hosts: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    events: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    status: Mapping[str, Any] = field(default_factory=lambda: {"foreign_dhcp_servers": []})
    gone: bool = False

    async def get(self, path: str) -> Any:
        if self.gone:
            raise PeerError("no daemon answers")
        if path == "/v1/status":
            return self.status
        if path == "/v1/hosts":
            return self.hosts
        return self.events[int(path.removeprefix("/v1/events?after=").partition("&")[0]) :]


@dataclass
class Stage:
    """A run in `folder`, its builders in a scene of the stand-in, on a scripted room."""

    folder: Path
    scene: str = "finishes"
    refusal: str = ""
    room: Room = field(default_factory=Room)
    views: Views = field(default_factory=Views)

    def __post_init__(self) -> None:
        self.notebook = Notebook()
        self.daemon = SaidDaemon(self.refusal)
        watch = Watch((self.notebook,))
        builds = ImageBuilds(
            self.folder / "cache",
            self.folder / "build.log",
            watch.tell,
            names=("boot-programs", "ramdisk", "node-image"),
            builder=command(self.scene),
        )
        boot = Boot()
        self.run = Run(
            watch=watch,
            daemon=self.daemon,
            hosts=HostRows(self.views.get, watch.tell, period=0.01),
            foreign_dhcp=ForeignDhcpWatch(self.views.get, watch.say, period=0.01),
            builds=builds,
            building=builds.run,
            ramdisk=RamdiskOffer(builds, boot, boot, period=0.01),
            site=self.room,
        )
