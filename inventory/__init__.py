"""What physically exists at a site, as a person declares it: values only, no I/O."""

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
    WakeOnLan,
)
from inventory.network import Network
from inventory.rack import Cable, Rack, Switch, SwitchPort
from inventory.site import Site

__all__ = [
    "BIOS",
    "UEFI",
    "AnyBlank",
    "Bmc",
    "Cable",
    "Disk",
    "DiskBySerial",
    "DiskByWwn",
    "Firmware",
    "Host",
    "InstallDisk",
    "MatchRule",
    "MayWipe",
    "Network",
    "Nic",
    "NicModel",
    "OperatorAtTheRack",
    "Rack",
    "RehearsedMachine",
    "Site",
    "Switch",
    "SwitchPort",
    "WakeOnLan",
]
