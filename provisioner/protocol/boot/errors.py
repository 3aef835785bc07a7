"""What the boot life cycle says of a machine's message that can't be true, and of one out of turn.

PeerError
├── ImpossibleReport      a report that contradicts itself or its sender
└── OutOfTurn             a message that its machine's state has no use for
"""

from __future__ import annotations

from inventory.errors import PeerError


class ImpossibleReport(PeerError):
    """A hardware report that contradicts itself or its sender."""


class OutOfTurn(PeerError):
    """A message that its machine's state, or its order, has no use for."""
