"""What can go wrong while something is built.

OperatorError
├── ToolMissing         a program the builders run is not on this machine
└── UnusableBinaries    the folder of official binaries lacks one, or one does not say its version
PeerError
└── StepFailed          a program the builders run ended with an error: the mirror, the disk, the network
"""

from __future__ import annotations

from collections.abc import Sequence

from inventory.errors import OperatorError, PeerError


class ToolMissing(OperatorError):
    """`tool` is not to be found; `package` is the Debian package that has it."""

    def __init__(self, tool: str, package: str) -> None:
        super().__init__(f"{tool} is not installed (Debian package {package})")
        self.tool = tool
        self.package = package


class UnusableBinaries(OperatorError):
    """The operator's folder of Kubernetes binaries can't be used."""


class StepFailed(PeerError):
    """`command` ended with `status`; `tail` is the end of what it printed."""

    def __init__(self, command: Sequence[str], status: int, tail: str) -> None:
        super().__init__(f"{' '.join(command)} ended with {status}:\n{tail}".rstrip())
        self.command = tuple(command)
        self.status = status
        self.tail = tail
