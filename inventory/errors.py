"""The root of the error tree. Blame is in the type: a reader asks first whose move it is.

HarmonyError
├── OperatorError     the declaration or the command is wrong: the person at the keyboard's move
├── PeerError         a packet, an answer or a file from outside is wrong: logged, never fatal
└── ProvisionerBug    this product broke a rule of its own: a traceback is right
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inventory.diagnostic import Diagnostic


class HarmonyError(Exception):
    """Everything this project raises on purpose."""


class OperatorError(HarmonyError):
    """The operator's declaration or command is wrong; `diagnostics` say where and what to do."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.diagnostics = diagnostics


class PeerError(HarmonyError):
    """Something outside (a machine, a server, a file) said what it should not have said."""


class ProvisionerBug(HarmonyError):
    """A rule of this product was broken by this product."""
