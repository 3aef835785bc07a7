"""A declaration whose one machine waits for an operator, and the line that says so."""

from __future__ import annotations

SITE = """\
from harmony import InstalledHosts
from inventory import AnyBlank, Host, Network, Nic, Site

lan = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1")
m1 = Host(
    "m1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11", install_on=AnyBlank(), bay="4"
)
site = Site("small", networks=[lan], hosts=[m1])


def deploy(maestro):
    maestro.register(InstalledHosts([m1]))
"""
WORKS = "press power on m1, bay 4"
