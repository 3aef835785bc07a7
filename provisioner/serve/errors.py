"""What can be wrong when the daemon opens its sockets and serves.

OperatorError
├── InterfaceMissing, InterfaceDown, InterfaceLacksAddress
├── SocketNotBound
├── CaUnusable
├── ForeignDhcpServerPresent
├── NoSuchThing, RefusedByState, ContributionRefused
└── SecondDaemon
PeerError
├── LeasesNotCommitted
└── NotAllowed
"""

from __future__ import annotations

from inventory.errors import OperatorError, PeerError


class InterfaceMissing(OperatorError):
    """The declared interface doesn't exist on this machine."""


class InterfaceDown(OperatorError):
    """The declared interface is down."""


class InterfaceLacksAddress(OperatorError):
    """The declared interface doesn't have the declared address."""


class SocketNotBound(OperatorError):
    """A port is in use, or opening it isn't permitted."""


class CaUnusable(OperatorError):
    """The site's CA can't be read or made, or no certificate of it can be kept."""


class ForeignDhcpServerPresent(OperatorError):
    """Another DHCP server answers on the declared interface."""


class LeasesNotCommitted(PeerError):
    """The store could not make lease changes durable (disk full, for one): nothing may be
    answered."""


class NoSuchThing(OperatorError):
    """The operator names a host, machine or contribution that isn't there."""


class RefusedByState(OperatorError):
    """What the operator asks for can't be done in the state the host or machine is in."""


class ContributionRefused(OperatorError):
    """A contribution that can't be served; its diagnostics say why. Nothing has changed."""


class SecondDaemon(OperatorError):
    """Another daemon serves this state already."""


class NotAllowed(PeerError):
    """A machine asks for what isn't its own."""
