"""What the store says when it can't keep what it was given.

OperatorError
└── DatabaseUnusable      not ours, broken, or of a newer version: the operator decides
HarmonyError
└── StoreFailed           a commit failed (disk full, I/O error): nothing of it is kept
"""

from __future__ import annotations

from inventory.errors import HarmonyError, OperatorError


class DatabaseUnusable(OperatorError):
    """The file can't be this daemon's database."""


class StoreFailed(HarmonyError):
    """The changes were not committed; who asked for them must act as if they had never been asked."""
