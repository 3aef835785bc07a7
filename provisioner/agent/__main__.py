"""`python -m provisioner.agent`: the agent's life in the ramdisk. It ends with the machine's reboot."""

from __future__ import annotations

import time
from pathlib import Path

from provisioner.agent.console import say
from provisioner.agent.conversation import Conversation
from provisioner.agent.daemon_client import DaemonClient
from provisioner.agent.kernel_command_line import parse
from provisioner.agent.machine import Machine


def main() -> None:
    """Talks with the daemon for ever."""
    arguments = parse(Path("/proc/cmdline").read_text())
    machine = Machine(DaemonClient(arguments.url, arguments.token), arguments.boot_mac)
    say(f"agent started {time.clock_gettime(time.CLOCK_BOOTTIME):.1f} s after the kernel")
    conversation = Conversation()
    while True:
        conversation = conversation.advance(machine.act(conversation.state))


if __name__ == "__main__":
    main()
