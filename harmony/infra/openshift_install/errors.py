"""PeerError
└── InstallerAtWorkError       an installer of an earlier run hasn't ended: asking again later is right
OperatorError
├── InstallerFailedError       it ended otherwise than well, or left out what it should have made
├── InstallerMismatchError     it is not of the declared release
├── AssetsKeptError            a generation is there, made of something else, and stays as it is
└── AssetsUnusableError        what is kept can't be read or written
"""

from __future__ import annotations

from inventory.errors import OperatorError, PeerError


class InstallerAtWorkError(PeerError):
    """It outlived the run that started it; nothing is done beside it."""


class InstallerFailedError(OperatorError):
    """The message has its last lines, secrets taken out."""


class InstallerMismatchError(OperatorError):
    """The executable says another version than the declaration."""


class AssetsKeptError(OperatorError):
    """No generation is ever overwritten."""


class AssetsUnusableError(OperatorError):
    """The store's folder or a file in it, or the plain folder."""
