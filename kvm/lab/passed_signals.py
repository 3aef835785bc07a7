"""Hands signals on to the one child that matters, and waits for its end.

The lab is a chain: the process that the person knows → the init of the lab's PID namespace → the
command. `kill PID` must reach the command through the chain. Ctrl-C must not be handed on: the
terminal has sent it to all three already. The kernel tells them apart (siginfo: SI_KERNEL).
"""

from __future__ import annotations

import os
import signal

_SI_KERNEL = 0x80

_PASSED_ON = frozenset(
    {
        signal.SIGTERM,
        signal.SIGINT,
        signal.SIGHUP,
        signal.SIGQUIT,
        signal.SIGUSR1,
        signal.SIGUSR2,
    }
)
HELD: frozenset[signal.Signals] = _PASSED_ON | {signal.SIGCHLD}
"""To be blocked before the child is forked, or one that comes early is lost."""


def hold() -> set[int | signal.Signals]:
    """Block the signals that `wait_for` hands on; answers the mask as it was."""
    return signal.pthread_sigmask(signal.SIG_BLOCK, HELD)


def wait_for(child: int) -> int:
    """Hand signals on to `child` until it has ended; answers its wait status.

    Every other child that ends is reaped as well, so that an init leaves no zombies: libvirt takes
    a zombie for a running QEMU and waits for it for ten seconds and more.
    """
    while True:
        received = signal.sigwaitinfo(HELD)
        if received.si_signo == signal.SIGCHLD:
            status = _reap(child)
            if status is not None:
                return status
        elif received.si_code != _SI_KERNEL:
            os.kill(child, received.si_signo)


def exit_code(wait_status: int) -> int:
    """As a shell has it: the exit status, or 128 and the number of the signal."""
    code = os.waitstatus_to_exitcode(wait_status)
    return code if code >= 0 else 128 - code


def _reap(awaited: int) -> int | None:
    """Reap all that have ended; the status of `awaited` if it is among them. SIGCHLDs merge, so one
    of them may stand for many."""
    while True:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if child == 0:
            return None
        if child == awaited:
            return status
