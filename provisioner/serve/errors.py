"""What can be wrong when the daemon opens its sockets and serves.

OperatorError
├── InterfaceMissing, InterfaceDown, InterfaceLacksAddress
├── SocketNotBound
└── ForeignDhcpServerPresent
PeerError
└── LeasesNotCommitted
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


class ForeignDhcpServerPresent(OperatorError):
    """Another DHCP server answers on the declared interface."""


class LeasesNotCommitted(PeerError):
    """The store could not make lease changes durable (disk full, for one): nothing may be answered."""
