"""What the machines of a cluster of OKD boot with, made by the installer of its release.

Before: ./dev provisioner secrets give okd/home/pull-secret FILE, and okd/home/ssh-key likewise.
Look at it: ./dev provisioner check examples/okd_assets.py
"""

from harmony import Asset, MachineSite, Maestro
from harmony.okd import (
    InstallConfig,
    MachineNetwork,
    MachinePool,
    Metadata,
    Networking,
    OkdInstallationAssets,
    SecretReference,
)
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
boot, cp1, cp2, cp3 = (
    Host(name, nics=[Nic(mac)], address=address, install_on=AnyBlank())
    for name, mac, address in (
        ("boot", "52:54:00:07:00:10", "10.7.0.10"),
        ("cp1", "52:54:00:07:00:11", "10.7.0.11"),
        ("cp2", "52:54:00:07:00:12", "10.7.0.12"),
        ("cp3", "52:54:00:07:00:13", "10.7.0.13"),
    )
)
site = Site("okd", networks=[lan], hosts=[boot, cp1, cp2, cp3])

assets = OkdInstallationAssets(
    version="4.19.0-okd-scos.19",
    installer=Asset(
        "openshift-install",  # the program itself, out of the release's archive
        url="file:///srv/okd/openshift-install",
        sha256="2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    ),
    config=InstallConfig(
        metadata=Metadata(name="okd"),
        base_domain="home.example",
        control_plane=MachinePool(name="master", replicas=3),
        compute=(MachinePool(name="worker", replicas=0),),
        networking=Networking(machine_network=(MachineNetwork(cidr="10.7.0.0/24"),)),
        pull_secret=SecretReference(name="okd/home/pull-secret"),
        ssh_key=SecretReference(name="okd/home/ssh-key"),
    ),
    bootstrap="boot",
    control_planes=["cp1", "cp2", "cp3"],
)


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(assets)
