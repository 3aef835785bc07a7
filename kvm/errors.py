"""What can go wrong around virtual machines, by whose move it is.

OperatorError
├── LabNeedsRoot          namespaces, bridges and libvirtd need root
├── LabLacksTool          a program or file of a Debian package is not there
├── LabTooSmall           the declared machines don't fit into the memory given to the lab
├── NothingToRehearse     a host is declared so that no virtual machine can stand for it
└── NoMachineName         a machine is called what no directory can be called
PeerError
├── HypervisorFailed      libvirt, QEMU or qemu-img said no
└── LabDidNotStart        libvirtd or a device of the lab did not come up in time
"""

from __future__ import annotations

from inventory.errors import OperatorError, PeerError


class LabNeedsRoot(OperatorError):
    """The lab makes namespaces, bridges and runs its own libvirtd: only root may."""


class LabLacksTool(OperatorError):
    """A program or file is missing; the message names it and the Debian package that has it."""


class LabTooSmall(OperatorError):
    """The declared machines need more memory than the lab may use."""


class NothingToRehearse(OperatorError):
    """A host is matched only by rule and does not say what to rehearse it as, or is declared with
    what no virtual machine has."""


class NoMachineName(OperatorError):
    """A machine's files lie in a directory of its name; this name would lead elsewhere."""


class HypervisorFailed(PeerError):
    """libvirt, QEMU or qemu-img refused; the message is theirs."""


class LabDidNotStart(PeerError):
    """A part of the lab did not come up within its bound; the message has its last words."""
