"""A real daemon that serves a small site, for those who ask its admin API."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path

from inventory.contribution import Contribution
from inventory.host import AnyBlank, Host, Nic
from inventory.network import Network
from inventory.site import Site
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.peers.daemon_child import DaemonChild

CP1 = Host("cp1", [Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
W1 = Host("w1", [Nic("52:54:00:07:00:12")], address="10.7.0.12", install_on=AnyBlank())
LAN = Network("lan", "10.7.0.0/24", "lan0", "10.7.0.1", pool=("10.7.0.100", "10.7.0.199"))
SITE = Site("small", [LAN], [CP1, W1], domain="small.example")


@contextlib.contextmanager
def served_site(folder: Path) -> Generator[DaemonChild]:
    """The daemon, its state in `folder`/daemon, where the command looks for it; it serves SITE."""
    with segment() as wire, served_on(wire, folder) as child:
        yield child


@contextlib.contextmanager
def served_on(
    wire: Segment, folder: Path, *options: str, bridged: bool = False
) -> Generator[DaemonChild]:
    """The same, on a wire that machines can be on too; with lan0 a bridge if it is `bridged`.
    `options` are the daemon's."""
    station = wire.station("lan1" if bridged else "lan0", None if bridged else "10.7.0.1/24")
    if bridged:
        _bridge(station)
    child = DaemonChild(station, folder / "daemon", *options)
    child.start()
    try:
        child.put(Contribution("site", site=SITE)).raise_for_status()
        yield child
    finally:
        child.kill()
        child.admin.close()


def _bridge(station: NetworkNamespace) -> None:
    station.run("ip", "link", "add", "lan0", "type", "bridge", "forward_delay", "0")
    station.run("ip", "link", "set", "lan1", "master", "lan0")
    station.run("ip", "address", "add", "10.7.0.1/24", "dev", "lan0")
    station.run("ip", "link", "set", "lan0", "up")
