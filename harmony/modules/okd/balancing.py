"""What the load balancer before an OKD cluster is to do, out of what is known of the cluster. Pure.

Sources: OKD's documentation, "Load balancing requirements for user-provisioned infrastructure";
openshift/installer, docs/user/metal/install_upi.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from harmony.domain.capability.installed_machines import MachineCondition
from harmony.domain.capability.load_balancer import (
    Balance,
    Frontend,
    HealthCheck,
    Server,
    ServerCondition,
    ServerState,
)
from inventory.machine_state import MachineState

API_PORT = 6443
MACHINE_CONFIG_PORT = 22623
INGRESS_PORTS = {"http": 80, "https": 443}

# A member that is dead has to be out within 30 s; where machines are in their first boot, sooner.
API_CHECK = HealthCheck("/readyz", tls=True)
MACHINE_CONFIG_CHECK = HealthCheck("/healthz", tls=True, seconds=2)
ROUTER_CHECK = HealthCheck("/healthz/ready", tls=False, port=1936)


@dataclass(frozen=True, slots=True)
class Member:
    """A machine of the cluster: its host's name, and the address that it keeps."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Entrance:
    """A cluster as its load balancer knows it. `bootstrap` is None where there is none, or none any more."""

    cluster: str
    api_addresses: tuple[str, ...]
    ingress_addresses: tuple[str, ...]
    control_plane: tuple[Member, ...]
    workers: tuple[Member, ...] = ()
    bootstrap: Member | None = None

    @property
    def routers(self) -> tuple[Member, ...]:
        """Where ingress runs: on the control planes where nobody else works."""
        return self.workers or self.control_plane

    @property
    def api(self) -> str:
        return f"{self.cluster}-api"

    @property
    def machine_config(self) -> str:
        return f"{self.cluster}-machine-config"


def frontends(entrance: Entrance, first_boots: Iterable[str]) -> tuple[Frontend, ...]:
    """The API, what machines are configured from, and ingress. `first_boots` are the addresses that may
    fetch a configuration, which has the cluster's secrets in it: of nobody else, and of none when empty."""
    masters = entrance.control_plane
    if entrance.bootstrap is not None:
        masters = (entrance.bootstrap, *masters)
    return (
        Frontend(
            entrance.api,
            entrance.api_addresses,
            API_PORT,
            _servers(masters, API_PORT),
            API_CHECK,
        ),
        Frontend(
            entrance.machine_config,
            entrance.api_addresses,
            MACHINE_CONFIG_PORT,
            _servers(masters, MACHINE_CONFIG_PORT),
            MACHINE_CONFIG_CHECK,
            sources=tuple(sorted(set(first_boots))),
        ),
        *(
            Frontend(
                f"{entrance.cluster}-{name}",
                entrance.ingress_addresses,
                port,
                _servers(entrance.routers, port),
                ROUTER_CHECK,
                Balance.SOURCE,
            )
            for name, port in INGRESS_PORTS.items()
        ),
    )


def _servers(members: Iterable[Member], port: int) -> tuple[Server, ...]:
    return tuple(Server(one.name, one.address, port) for one in members)


def first_boots(entrance: Entrance, machines: Iterable[MachineCondition]) -> tuple[str, ...]:
    """The addresses of members that are installed and have not reported from their own disk yet. The
    bootstrap machine fetches nothing there."""
    booting = {one.host for one in machines if one.state is MachineState.INSTALLED}
    members = (*entrance.control_plane, *entrance.workers)
    return tuple(sorted(one.address for one in members if one.name in booting))


def bootstrap_leaves(
    entrance: Entrance, complete: bool, member_removed: bool, seen: Sequence[ServerCondition]
) -> bool:
    """Whether the bootstrap machine is to get nothing new: bootstrapping is `complete`, its member has left
    etcd (else quorum would hang on a machine that goes), and another is seen well at each of its doors."""
    doors = {entrance.api, entrance.machine_config}
    others = {one.name for one in entrance.control_plane}
    well = {one.frontend for one in seen if one.server in others and one.state is ServerState.UP}
    return complete and member_removed and doors <= well
