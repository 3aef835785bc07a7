"""The declaration of the whole-life run: machines drawn by lot, a program that answers a nonce."""

from __future__ import annotations

from pathlib import Path

from tests.whole_life.foreign_machine import ForeignMachine

_SITE = """\
from harmony import Deployment, KubernetesCluster, MachineSite, Maestro
from inventory import BIOS, UEFI, AnyBlank, Host, Network, Nic, Site

lan = Network(
    "lan",
    "10.7.0.0/24",
    interface="eth1",
    address="10.7.0.1",
    pool=("10.7.0.100", "10.7.0.120"),
)
cp1 = Host(
    "cp1", nics=[Nic("{cp1.mac}")], address="10.7.0.11", firmware=UEFI, install_on=AnyBlank()
)
w1 = Host(
    "w1", serial="{w1.serial}", address="10.7.0.12", firmware=BIOS, install_on=AnyBlank(), bay="4"
)
site = Site("whole-life", networks=[lan], hosts=[cp1, w1])


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(
        KubernetesCluster("home", domain="home.example", control_plane=[cp1], workers=[w1]),
        Deployment(
            "nonce",
            namespace="web",
            image="docker.io/harmony/http-server:1",
            environment={{"NONCE": "{nonce}"}},
            answer="{nonce}",
        ),
    )
"""


def write_site(folder: Path, cp1: ForeignMachine, w1: ForeignMachine, nonce: str) -> Path:
    """`cp1` is known by its MAC, `w1` by its serial number alone."""
    path = folder / "site.py"
    path.write_text(_SITE.format(cp1=cp1, w1=w1, nonce=nonce))
    return path
