"""Hands out boot scripts: plans and renders out of memory alone."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.contribution import Ramdisk
from inventory.host import Firmware, Host
from inventory.machine_state import MachineState
from inventory.network import Network
from inventory.site import Site
from provisioner.protocol.boot.desired import Desired
from provisioner.protocol.boot.machine import Machine
from provisioner.protocol.boot.plan import BootPlan, plan
from provisioner.protocol.boot.script import MASKED_TOKEN, BootScripts, ScriptReader, render
from provisioner.serve.memory import Memory

_NO_MAC = "00:00:00:00:00:00"


def base_url(network: Network, site: Site) -> str:
    """How machines on the network reach the HTTP server; without a last slash."""
    port = "" if site.http_port == 80 else f":{site.http_port}"
    return f"http://{network.address}{port}"


@dataclass(frozen=True, slots=True)
class Script:
    plan: BootPlan
    text: str


class ScriptDesk:
    def __init__(self, memory: Memory, scripts: BootScripts) -> None:
        self._memory = memory
        self._scripts = scripts
        self._rehearsed: frozenset[str] = frozenset()
        self._rehearsed_with: Ramdisk | None = None

    def script_for(self, machine: Machine, mac: str, firmware: Firmware, url: str) -> Script:
        """What the machine gets now; `mac` is of the card it boots from, `url` the base URL of its
        network."""
        ramdisk = self._memory.desired.ramdisk
        decided = plan(
            machine.host,
            machine.state,
            firmware,
            has_ramdisk=ramdisk is not None,
            reason=machine.reason,
        )
        reader = ScriptReader(mac, machine.host or machine.mac, machine.token)
        return Script(decided, render(decided, reader, url, ramdisk, self._scripts))

    def preview(self, host: Host) -> str:
        """What the host would get now, its secrets masked."""
        site = self._memory.desired.site
        assert site is not None, "a declared host is of a site"
        network = site.network_of(host) or site.networks[0]
        seen = self._memory.machine_of_host(host)
        state = MachineState.DISCOVERED if seen is None else seen.state
        ramdisk = self._memory.desired.ramdisk
        reason = "" if seen is None else seen.reason
        decided = plan(
            host.name, state, host.firmware, has_ramdisk=ramdisk is not None, reason=reason
        )
        mac = seen.mac if seen else (host.boot_nic.mac if host.boot_nic else _NO_MAC)
        reader = ScriptReader(mac, host.name, MASKED_TOKEN)
        return render(decided, reader, base_url(network, site), ramdisk, self._scripts)

    def rehearse(self, desired: Desired) -> None:
        """Render every script of every host, so that a template's fault stops the daemon and not a
        machine at night; those of hosts that it was done for before only with another ramdisk. Raises
        what jinja2 raises."""
        ramdisk = desired.ramdisk
        before = self._rehearsed if self._rehearsed_with == ramdisk else frozenset[str]()
        names = frozenset(host.name for host in desired.hosts)
        for name in names - before:
            reader = ScriptReader(_NO_MAC, name, MASKED_TOKEN)
            for decided in _plans(name, has_ramdisk=ramdisk is not None):
                render(decided, reader, "http://192.0.2.1", ramdisk, self._scripts)
        self._rehearsed, self._rehearsed_with = names, ramdisk


def _plans(host: str, *, has_ramdisk: bool) -> set[BootPlan]:
    """Whatever a host may be told to boot."""
    return {
        plan(host, state, firmware, has_ramdisk=has_ramdisk)
        for state in MachineState
        for firmware in Firmware
    }
