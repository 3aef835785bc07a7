"""A machine that is ordered anew while `provisioner serve` runs is installed anew, without a word more."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from typing_extensions import override

from provisioner.cli.admin import Admin
from tests.namespaces import segment
from tests.peers.scripted_machine import ScriptedMachine
from tests.peers.serve_child import ServeChild

MAC = "52:54:00:07:00:11"
SITE = f"""\
from harmony import InstalledHosts
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
m1 = Host("m1", nics=[Nic("{MAC}")], address="10.7.0.11", install_on=AnyBlank())
site = Site("small", networks=[lan], hosts=[m1])


def deploy(maestro):
    maestro.register(InstalledHosts([m1]))
"""


class IpxeOnItsCard(ScriptedMachine):
    """Its firmware is iPXE from the start, so no boot program has to be a real one."""

    @override
    def boot_from_network(self) -> str:
        ipxe = self.dhcp({"user_class": b"iPXE", "vendor_class_id": b"PXEClient"}, arch=0)
        url = ipxe.boot_file.replace("${uuid}", self.uuid).replace("${platform}", "pcbios")
        return self.http("GET", re.sub(r"\$\{serial[^}]*\}", self.serial, url)).body.decode()

    def live(self) -> None:
        self.run_ramdisk(self.boot_from_network())
        self.first_boot()


@pytest.mark.protocol
def test_a_reinstall_is_carried_out(tmp_path: Path) -> None:
    site_file = tmp_path / "site.py"
    site_file.write_text(SITE, encoding="utf-8")
    with segment() as wire:
        serve = ServeChild(wire.station("lan0", "10.7.0.1/24"), site_file, tmp_path / "state")
        machine = IpxeOnItsCard(wire.station("eth0", mac=MAC), MAC)
        try:
            serve.start()
            serve.until("press power on m1")
            machine.station.call(machine.live)
            serve.until("installed and reporting: m1")
            Admin(serve.place.admin_socket).reinstall("m1")
            machine.station.call(machine.live)
            serve.until("installed and reporting: m1")
            assert len(machine.writings) == 2
            assert serve.end(signal.SIGTERM) == 0
        finally:
            serve.close()
