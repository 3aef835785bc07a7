"""What physically exists at a site, as a person declares it: values only, no I/O."""

from inventory.dhcp_option import DhcpOption, Route
from inventory.host import (
    BIOS,
    UEFI,
    AnyBlank,
    Bmc,
    Disk,
    DiskBySerial,
    DiskByWwn,
    Firmware,
    Host,
    InstallDisk,
    MatchRule,
    MayWipe,
    Nic,
    NicModel,
    OperatorAtTheRack,
    RehearsedMachine,
    RelayPort,
    WakeOnLan,
)
from inventory.name_server import NameServer
from inventory.network import ANY, KNOWN, PROXY, Clients, Dhcp, Network
from inventory.rack import Cable, Rack, Switch, SwitchPort
from inventory.site import Site
from inventory.waiver import Waiver

__all__ = [
    "ANY",
    "BIOS",
    "KNOWN",
    "PROXY",
    "UEFI",
    "AnyBlank",
    "Bmc",
    "Cable",
    "Clients",
    "Dhcp",
    "DhcpOption",
    "Disk",
    "DiskBySerial",
    "DiskByWwn",
    "Firmware",
    "Host",
    "InstallDisk",
    "MatchRule",
    "MayWipe",
    "NameServer",
    "Network",
    "Nic",
    "NicModel",
    "OperatorAtTheRack",
    "Rack",
    "RehearsedMachine",
    "RelayPort",
    "Route",
    "Site",
    "Switch",
    "SwitchPort",
    "Waiver",
    "WakeOnLan",
]
