"""Enters the lab: one unnamed mount + network + PID namespace, with a command running in it.

The process that calls `enter` stays outside as the one whose pid the person knows. When it ends, by
any signal, the kernel kills the init of the PID namespace, and with it everything in the lab: QEMU,
libvirtd, daemon and command; with the last of them the bridges and mounts are gone as well.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from inventory.errors import HarmonyError
from kvm.errors import LabDidNotStart, LabNeedsRoot
from kvm.lab import namespaces, passed_signals
from kvm.lab.memory import available_memory_mib
from kvm.lab.mounts import make_mounts

LAB_PID = "HARMONY_LAB_PID"
"""In the environment of the command: the pid of the lab's init as seen outside, for nsenter."""

LAB_MEMORY = "HARMONY_LAB_MEMORY"
"""Likewise: how much memory, in MiB, there is for the lab."""

_IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)


def enter(command: Sequence[str], unpacked: Path | None = None) -> int:
    """Run `command --network-fd N` inside a new lab; answers its exit status as a shell has it.

    N is an open descriptor of the network namespace outside, for what must reach mirrors.
    `unpacked` is a folder of unpacked Debian packages to be laid over /usr inside. To be called
    from the main thread, and before any other is started. Raises LabNeedsRoot, LabDidNotStart.
    """
    if os.geteuid() != 0:
        raise LabNeedsRoot("the lab makes namespaces and bridges of its own: run it as root")
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    os.set_inheritable(outside, True)
    mask = passed_signals.hold()
    try:
        init = _fork_init([*command, "--network-fd", str(outside)], unpacked)
        return passed_signals.exit_code(passed_signals.wait_for(init))
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(outside)


def _fork_init(command: list[str], unpacked: Path | None) -> int:
    alive, parent = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        with namespaces.children_in_new_pid_namespace():
            init = os.fork()
            if init == 0:
                os.close(parent)
                _be_init(command, unpacked, alive)
    except OSError as refused:
        raise LabDidNotStart(f"no new namespaces: {refused.strerror}") from refused
    os.write(parent, str(init).encode())
    os.close(parent)
    os.close(alive)
    return init


def _be_init(command: list[str], unpacked: Path | None, alive: int) -> None:
    """Be process 1 of the lab; does not return."""
    status = 1
    try:
        namespaces.die_with_parent()
        # The parent may have died before the line above: then only the end of the pipe comes.
        number = os.read(alive, 16).decode()
        if number:
            memory = available_memory_mib()
            namespaces.leave_for_new_mounts_and_network()
            make_mounts(unpacked)
            environment = {**os.environ, LAB_PID: number, LAB_MEMORY: str(memory)}
            child = os.posix_spawnp(
                command[0], command, environment, setsigmask=(), setsigdef=_IGNORED_BY_PYTHON
            )
            status = passed_signals.exit_code(passed_signals.wait_for(child))
    except (HarmonyError, OSError) as error:
        print(f"the lab can't be entered: {error}", file=sys.stderr, flush=True)
    finally:
        os._exit(status)
