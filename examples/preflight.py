"""A site whose names and time come from servers of its own, and one failure of preflight that is waived.

./dev provisioner preflight examples/preflight.py
"""

from harmony import MachineSite, Maestro
from inventory import AnyBlank, Host, Network, Nic, Site, Waiver

lan = Network(
    "lan",
    "10.7.0.0/24",
    interface="eth1",
    address="10.7.0.1",
    dns=["10.7.0.2", "10.7.0.3"],
    ntp=["10.7.0.2", "10.7.0.4"],
)
cp1 = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())

not_yet = Waiver("ntp-synced", "10.7.0.4 is racked in March", subject="10.7.0.4")
site = Site("home", networks=[lan], hosts=[cp1], domain="home.example", waivers=[not_yet])


def deploy(maestro: Maestro[MachineSite]) -> None: ...
