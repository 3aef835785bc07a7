"""Every way to serve a network: from within, through relays, and beside a DHCP server that is there.

Look at it: ./dev provisioner check examples/networks.py
"""

from harmony import MachineSite, Maestro
from inventory import (
    ANY,
    PROXY,
    DhcpOption,
    Host,
    Network,
    Nic,
    RelayPort,
    Route,
    Site,
)

# The jump host is in it and gives every client there an address, also laptops.
office = Network(
    "office",
    "10.7.0.0/24",
    interface="eth1",
    address="10.7.0.1",
    pool=("10.7.0.100", "10.7.0.199"),
    exclude=["10.7.0.150", ("10.7.0.160", "10.7.0.169")],  # printers, with addresses of their own
    gateway="10.7.0.254",
    clients=ANY,
    authoritative=True,
    search=["home.example"],
    routes=[Route("10.20.0.0/16", "10.7.0.253")],
    options=[DhcpOption(150, addresses=["10.7.0.5"])],  # where telephones find their configuration
)

# The jump host isn't in it. Its router relays, and names itself 10.8.0.1.
hall = Network(
    "hall",
    "10.8.0.0/24",
    interface="eth1",
    address="10.7.0.1",
    pool=("10.8.0.100", "10.8.0.199"),
    gateway="10.8.0.1",
    relays=["10.8.0.1"],
)

# A DHCP server is there already: it gives the addresses, the jump host says what to boot.
lab = Network("lab", "10.9.0.0/24", interface="eth2", address="10.9.0.1", dhcp=PROXY)

# Whatever machine is plugged in at this port of the hall's switch has this address.
press = Host(
    "press",
    nics=[Nic("52:54:00:07:00:21", network="hall")],
    address="10.8.0.21",
    relay_port=RelayPort("Gi1/0/3", "hall-switch"),
)

site = Site("works", networks=[office, hall, lab], hosts=[press], domain="home.example")


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register()
