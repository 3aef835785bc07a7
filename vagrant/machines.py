"""The machines of a declaration as the Vagrantfile reads them:

./dev python vagrant/machines.py examples/home_office.py > vagrant/machines.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from inventory.host import Host
from inventory.site import Site
from provisioner.cli.declaration_file import read_declaration


def machines_of(site: Site) -> str:
    """JSON; the first network is the machines', and memory is at least what a node needs."""
    lan = site.networks[0]
    network = {
        "address": lan.address,
        "netmask": str(lan.ip_network.netmask),
        "interface": lan.interface,
    }
    return json.dumps({"network": network, "machines": list(map(_machine, site.hosts))}, indent=2)


def _machine(host: Host) -> dict[str, object]:
    return {
        "name": host.name,
        "mac": host.nics[0].mac,
        "firmware": host.firmware.value,
        "cpus": host.cpus or 2,
        "memory_mib": (host.memory_gib or 3) * 1024,
        "disk_gib": host.disks[0].size_gib,
        "serial": host.disks[0].serial or host.name,
    }


if __name__ == "__main__":
    print(machines_of(read_declaration(Path(sys.argv[1])).require_sound()))
