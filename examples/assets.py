"""A machine, and files from elsewhere that it fetches from the jump host: downloaded once, verified, kept.

Look at it: ./dev provisioner check examples/assets.py
"""

from harmony import Asset, Assets, InstalledHosts, MachineSite, Maestro, S3Object
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")
m1 = Host("m1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank())
site = Site("with-assets", networks=[lan], hosts=[m1])

kernel = Asset(
    "live-kernel",
    url=["https://mirror.example/live/vmlinuz", "file:///media/usb/vmlinuz"],  # tried in turn
    sha256="5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03",
)
model = Asset(
    "model",
    url=S3Object("s3://models/7b.gguf", endpoint="https://s3.example", credentials="models"),
    sha256="e258d248fda94c63753607f7c4494ee0fcbe92f1a76bfdac795c9d84101eb317",
)


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(InstalledHosts([m1]), Assets("files", [kernel, model]))
