"""Who called a builder, and whose network it is to use."""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNET = 0x40000000


def caller() -> tuple[int, int] | None:
    """Who called sudo, if somebody did."""
    user, group = os.environ.get("SUDO_UID"), os.environ.get("SUDO_GID")
    return (int(user), int(group)) if user and group else None


def enter_network(descriptor: int) -> None:
    """Take the calling thread, and it alone, to the network namespace of an open /proc/PID/ns/net
    (setns(2); Python 3.11 has no os.setns)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")
