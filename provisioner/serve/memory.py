"""Everything the daemon knows, in memory, so that no answer to a machine waits for the disk.

Only what is committed is in here. Reads are look-ups; the writers are `machines.py`,
`contributions.py` and the DHCP server (its lease tables).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address

from inventory.contribution import Artifact, Installation
from inventory.host import Host
from inventory.mac import normal_mac
from inventory.machine_state import MachineState
from provisioner.agent.messages import Progress
from provisioner.ports import (
    Change,
    EraseIgnitions,
    ForgetMachine,
    KeepIgnition,
    NetworkLeases,
    Remembered,
    StoredContribution,
)
from provisioner.protocol.boot.desired import Desired, masked_digest, merge
from provisioner.protocol.boot.machine import InstallOrder, Machine
from provisioner.protocol.boot.orders import Wish
from provisioner.protocol.dhcp.lease import LeaseTable
from provisioner.serve.artifact_file import problem_of
from provisioner.serve.known_machines import KnownMachines
from provisioner.serve.preparations import Preparations


class Memory:
    def __init__(self, remembered: Remembered) -> None:
        self.contributions: dict[str, StoredContribution] = {
            stored.contribution.owner: stored for stored in remembered.contributions
        }
        self.revision = 0  # grows with every change that names or addresses could depend on
        self.desired = Desired()
        self.ignitions: dict[tuple[str, str], str] = {
            (one.host, one.sha256): one.text for one in remembered.ignitions
        }
        self.machines = KnownMachines(remembered.machines)
        self.progress: dict[str, Progress] = {}
        self.heard: dict[str, float] = {}
        self.preparations = Preparations()
        self._leases: dict[str, LeaseTable] = {}
        self._remembered_leases = remembered.leases
        self._declared_macs: dict[str, str] = {}
        self.merge_again()

    def merge_again(self) -> None:
        """To be called when `contributions` has changed."""
        self.revision += 1
        self.desired = merge(stored.contribution for stored in self.contributions.values())
        self._declared_macs = {
            normal_mac(nic.mac): host.name for host in self.desired.hosts for nic in host.nics
        }

    def apply(self, changes: Iterable[Change]) -> None:
        """Follow what was committed about Ignition configs and machines that are forgotten; the rest is
        the callers' to remember."""
        for change in changes:
            match change:
                case KeepIgnition(one):
                    self.ignitions[one.host, one.sha256] = one.text
                case EraseIgnitions(host, but):
                    for key in [key for key in self.ignitions if key[0] == host]:
                        if key[1] not in but:
                            del self.ignitions[key]
                case ForgetMachine(mac):
                    del self.machines[mac]
                    self.heard.pop(mac, None)
                    self.progress.pop(mac, None)
                case _:
                    pass

    def hear(self, mac: str, now: float) -> Machine | None:
        """A sign of life of the machine with this MAC, if there is one; which it is."""
        machine = self.machine_of(mac)
        if machine is not None:
            self.heard[machine.mac] = now
        return machine

    def leases_of(self, network: str) -> LeaseTable:
        """The network's lease table; one and the same for as long as the daemon runs."""
        if network not in self._leases:
            stored = self._remembered_leases.get(network, NetworkLeases())
            self._leases[network] = LeaseTable(stored.leases, stored.declined)
        return self._leases[network]

    def lease_tables(self) -> Iterator[tuple[str, LeaseTable]]:
        if self.desired.site is not None:
            for network in self.desired.site.networks:
                yield network.name, self.leases_of(network.name)

    def mac_at(self, address: IPv4Address, now: float) -> str | None:
        """The MAC whose lease of the address is running."""
        owners = (table.owner(address, now) for _, table in self.lease_tables())
        return next((mac for mac in owners if mac is not None), None)

    def address_of(self, machine: Machine, now: float) -> IPv4Address | None:
        """An address that the machine has a running lease of, its boot NIC's first."""
        for mac in machine.macs:
            for _, table in self.lease_tables():
                lease = table.lease_of(mac)
                if lease is not None and lease.expires > now:
                    return lease.address
        return None

    def machine_of(self, mac: str) -> Machine | None:
        """The machine with this MAC on any of its NICs: one that has reported before one that
        hasn't."""
        exact = self.machines.heard_with(mac)
        if exact is not None and exact.state is not MachineState.DISCOVERED:
            return exact
        claims = [one for one in self.machines.with_card(mac) if self._claims(one, mac)]
        return claims[0] if len(claims) == 1 else exact

    def _claims(self, machine: Machine, mac: str) -> bool:
        """Whether the MAC is of another NIC of this machine. A report can't claim a MAC that is
        declared to be another host's."""
        if mac == machine.mac or mac not in machine.macs:
            return False
        declared = self._declared_macs.get(mac)
        return declared is None or declared == machine.host

    def others(self, machine: Machine) -> Iterator[Machine]:
        """All machines but this one."""
        return (one for one in self.machines.values() if one.mac != machine.mac)

    def machine_of_host(self, host: Host) -> Machine | None:
        """The machine that is this host, or while none is assigned the one heard with its MAC."""
        assigned = self.machines.of_host(host.name)
        if assigned is not None:
            return assigned
        heard = (self.machine_of(normal_mac(nic.mac)) for nic in host.nics)
        return next((one for one in heard if one is not None and one.host is None), None)

    def is_declared(self, mac: str) -> bool:
        """Whether the MAC is of a declared host's card."""
        return mac in self._declared_macs

    def boots_from_here(self, mac: str) -> bool:
        """Whether a machine with this MAC is served anything to boot."""
        host = self.desired.host(self.host_name_of_mac(mac))
        return host is None or host.netboot

    def host_name_of_mac(self, mac: str) -> str | None:
        """The host that the MAC belongs to, by assignment or else by declaration."""
        return self.host_name_of(self.machine_of(mac), mac)

    def host_name_of(self, machine: Machine | None, mac: str) -> str | None:
        """The same, of a MAC whose machine was looked up already."""
        if machine is not None and machine.host is not None:
            return machine.host
        return self._declared_macs.get(mac)

    def artifact(self, sha256: str) -> Artifact | None:
        """A file that is contributed now, or that an order under way still names."""
        contributed = self.desired.artifacts.get(sha256)
        if contributed is not None:
            return contributed
        ordered = (one.order for one in self.machines.values() if one.order is not None)
        return next((order.image for order in ordered if order.image.sha256 == sha256), None)

    def wish_for(self, machine: Machine) -> Wish:
        """What is wanted of the host that the machine is."""
        host = self.desired.host(machine.host)
        installation = None if host is None else self.desired.installations.get(host.name)
        digest = None if installation is None else masked_digest(installation)
        if host is None or (host.name, digest) not in self.ignitions:
            digest = None
        return Wish(
            host,
            installation,
            digest,
            self.preparations.words(),
            _lacking(machine, installation),
            tuple(self._orders_of_others(machine)),
        )

    def _orders_of_others(self, machine: Machine) -> Iterator[InstallOrder]:
        """Those whose disks are in use: not of machines that are no host any more, nor of one that was
        this machine's host before it."""
        hosts = (one for one in self.others(machine) if self.desired.host(one.host) is not None)
        orders = (one.order for one in hosts if one.order is not None)
        return (order for order in orders if order.host != machine.host)


def _lacking(machine: Machine, installation: Installation | None) -> str:
    """In words, the image that the machine needs next, if its file isn't as contributed."""
    image = None if installation is None else installation.image
    if machine.state is MachineState.INSTALLING and machine.order is not None:
        image = machine.order.image
    if image is None or not (problem := problem_of(image)):
        return ""
    return f"its image {image.name}, which {problem}"
