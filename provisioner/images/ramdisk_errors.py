"""What can be wrong with the parts a ramdisk is built from."""

from __future__ import annotations

from inventory.errors import PeerError


class RamdiskPartMissing(PeerError):
    """A package no longer holds what the ramdisk takes from it."""


class MissingModule(RamdiskPartMissing):
    """The kernel has no module of that name any more."""


class MissingLibrary(RamdiskPartMissing):
    """A program needs a shared library that none of the unpacked packages has."""
