"""The names that a cluster of OKD needs: its API's, its applications', its hosts', and back again.

They go to the DNS server that the site has (docs/guides/names.md); without `name_server`, to the jump host's
own. The Score is the same.
"""

from harmony import MachineSite, Maestro
from harmony.okd import OkdClusterNames
from inventory import AnyBlank, Host, NameServer, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
hosts = [
    Host(
        f"cp{at}",
        nics=[Nic(f"52:54:00:07:00:1{at}")],
        address=f"10.7.0.1{at}",
        install_on=AnyBlank(),
    )
    for at in (1, 2, 3)
]
site = Site(
    "okd",
    networks=[lan],
    hosts=hosts,
    name_server=NameServer(
        "10.7.0.53",
        zones=["home.example", "7.10.in-addr.arpa"],
        key="dns/home",
    ),
)


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(
        OkdClusterNames(
            "okd",
            base_domain="home.example",
            api="10.7.0.5",  # of the load balancer
            ingress="10.7.0.5",
            hosts=hosts,
        ),
    )
