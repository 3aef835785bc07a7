"""The kernel calls that Python 3.11 lacks: new namespaces, and a child that dies with its parent.

Linux: unshare(2), setns(2), prctl(2), pid_namespaces(7).
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Generator
from contextlib import contextmanager

_CLONE_NEWNS = 0x0002_0000
_CLONE_NEWPID = 0x2000_0000
_CLONE_NEWNET = 0x4000_0000
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


@contextmanager
def children_in_new_pid_namespace() -> Generator[None]:
    """The first child forked inside is the init of a new PID namespace; what is forked
    afterwards is an ordinary child again. OSError where the kernel refuses."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        _checked(_libc.unshare(_CLONE_NEWPID), "unshare")
        try:
            yield
        finally:
            _checked(_libc.setns(own, _CLONE_NEWPID), "setns")
    finally:
        os.close(own)


def leave_for_new_mounts_and_network() -> None:
    """This process and its later children get mounts and a network of their own."""
    _checked(_libc.unshare(_CLONE_NEWNS | _CLONE_NEWNET), "unshare")


def die_with_parent() -> None:
    """SIGKILL for this process when the *thread* that forked it ends, however it ends."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0), "prctl")


def _checked(result: int, call: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
