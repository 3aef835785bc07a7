"""A declaration with a mistake in nearly every line, to see what `provisioner check` says of them.

Run it: ./dev provisioner check examples/broken_site.py
"""

from harmony import Deployment, KubernetesCluster, MachineSite, Maestro, Namespace
from inventory import AnyBlank, DiskBySerial, Host, Network, Nic, Site, WakeOnLan

lan = Network(
    "lan",
    "10.7.0.0/24",
    interface="eth1",
    address="10.7.0.1",
    pool=("10.7.0.100", "10.7.0.199"),
)
lab = Network(
    "lab",
    "10.7.0.128/25",
    interface="eth2",
    address="10.7.0.129",
    pool=("10.7.0.150", "10.7.0.220"),
)

cp1 = Host(
    "cp1",
    nics=[Nic("52:54:00:07:00:11", network="lan")],
    adress="10.7.0.11",  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    install_on=AnyBlank(),
)
cp2 = Host(
    "CP 2",
    nics=[Nic("52:54:00:07:00:1g", network="lan")],
    address="10.7.0.12",
    install_on=AnyBlank(),
)
w1 = Host(
    "w1",
    nics=[Nic("52:54:00:07:00:11", network="lan")],
    address="10.7.0.150",
    install_on=DiskBySerial("S3Z9NB0K"),
)
w2 = Host(
    "w2",
    nics=[Nic("52:54:00:07:00:14", network="dmz")],
    address="10.7.0.12",
    install_on=AnyBlank(min_gib=100),
)
w3 = Host("w2", address="10.8.0.13", install_on=AnyBlank(), bmc=WakeOnLan())

site = Site("broken", networks=[lan, lab], hosts=[cp1, cp2, w1, w2, w3])


def deploy(maestro: Maestro[MachineSite]) -> None:
    stranger = Host("w9", nics=[Nic("52:54:00:07:00:19")], install_on=AnyBlank())
    maestro.register(
        KubernetesCluster(
            "home", domain="home.example", control_plane=[cp1, cp2], workers=[w1, stranger]
        ),
        Namespace("web"),
        Deployment("hello", namespace="web", image="registry.example/hello:1"),
        Deployment("hello", namespace="web", image="registry.example/hello:2"),
    )
