"""What can go wrong while something is built.

OperatorError
└── UnusableBinaries    the folder of official binaries lacks one, or is of no version that is known
PeerError
└── StepFailed          a program the builders run ended with an error: the mirror, the disk, the network
"""

from __future__ import annotations

from collections.abc import Sequence

from inventory.errors import OperatorError, PeerError


class UnusableBinaries(OperatorError):
    """The operator's folder of Kubernetes binaries can't be used."""


class StepFailed(PeerError):
    """`command` ended with `status`; `tail` is the end of what it printed."""

    def __init__(self, command: Sequence[str], status: int, tail: str) -> None:
        super().__init__(f"{' '.join(command)} ended with {status}:\n{tail}".rstrip())
        self.command = tuple(command)
        self.status = status
        self.tail = tail
