"""Three machines under a desk become a Kubernetes cluster with a program running in it.

Run it: ./dev rehearse
"""

from harmony import Deployment, KubernetesCluster, MachineSite, Maestro, Namespace
from inventory import BIOS, AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")

cp1 = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
w1 = Host("w1", nics=[Nic("52:54:00:07:00:12")], address="10.7.0.12", install_on=AnyBlank())
w2 = Host(
    "w2",
    nics=[Nic("52:54:00:07:00:13")],
    address="10.7.0.13",
    firmware=BIOS,
    install_on=AnyBlank(),
)

site = Site("home-office", networks=[lan], hosts=[cp1, w1, w2])


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(
        KubernetesCluster("home", domain="home.example", control_plane=[cp1], workers=[w1, w2]),
        Namespace("web"),
        Deployment("hello", namespace="web", image="docker.io/harmony/http-server:1"),
    )
