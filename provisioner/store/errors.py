"""What the store says when it can't keep what it was given.

OperatorError
└── DatabaseUnusable      not ours, broken, or of a newer version: the operator decides

A commit that fails is `provisioner.ports.StoreFailed`, which the store's callers know.
"""

from __future__ import annotations

from inventory.errors import OperatorError


class DatabaseUnusable(OperatorError):
    """The file can't be this daemon's database."""
