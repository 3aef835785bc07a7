"""One machine, no cluster: PXE, discovery, installation, first boot, and it reports in.

Run it: ./dev rehearse examples/first_boot.py
"""

from harmony import InstalledHosts, MachineSite, Maestro
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
m1 = Host("m1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
site = Site("first-boot", networks=[lan], hosts=[m1])


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(InstalledHosts([m1]))
