"""Real DHCP clients in a station of a test's segment: ISC's dhclient, busybox's udhcpc and dhcpcd."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.namespaces import NetworkNamespace

_SCRIPT = """#!/bin/sh
# What the clients run when something happens; udhcpc says it in $1, the others in $reason.
if [ -e "$0.probes" ] && [ "$reason" = BOUND ]; then  # a failure has dhclient decline the address
    busybox arping -D -q -c 2 -w 2 -I $interface $new_ip_address || exit 1
fi
case ${reason:-$1} in
BOUND|RENEW|REBIND|REBOOT) ip address replace $new_ip_address/24 dev $interface ;;
bound|renew) ip address replace $ip/24 dev $interface ;;
RELEASE|EXPIRE|deconfig) ip address flush dev $interface ;;
esac
echo "${reason:-$1} $new_ip_address$ip $new_host_name$hostname" >> "$0.log"
"""


class Client:
    """What dhclient and udhcpc have in common: a script that does and notes what they say."""

    def __init__(self, station: NetworkNamespace, directory: Path, interface: str = "eth0") -> None:
        self.station = station
        self.directory = directory
        self.interface = interface
        self.script = directory / "script"
        self.script.write_text(_SCRIPT)
        self.script.chmod(0o755)

    def noted(self) -> list[str]:
        """What happened, each as "reason address hostname"."""
        log = self.directory / "script.log"
        return [line.strip() for line in log.read_text().splitlines()] if log.exists() else []

    def wait_for_note(self, note: str, seconds: float = 30.0) -> None:
        """Until it has noted that; AssertionError with all that it noted if it doesn't."""
        self.wait_for_notes(note, 1, seconds)

    def wait_for_notes(self, note: str, times: int, seconds: float = 30.0) -> None:
        """Until it has noted that so often."""
        until = time.monotonic() + seconds
        while self.noted().count(note) < times:
            assert time.monotonic() < until, f"no {note!r}, but {self.noted()}"
            time.sleep(0.02)


class Dhclient(Client):
    """Keeps its leases in its directory, and asks for the last one again (INIT-REBOOT)."""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """In the foreground, for ever."""
        return self.station.start("dhclient", "-d", *arguments, *self._arguments())

    def once(self, seconds: int = 20) -> bool:
        """Whether it got a lease within about that time. It is killed then, and keeps the lease."""
        config = self.directory / "dhclient.conf"
        config.write_text(f"timeout {seconds};\nbackoff-cutoff 2;\ninitial-interval 1;\n")
        before = len(self._got())
        running = self.start("-1", "-cf", str(config))
        until = time.monotonic() + 2 * seconds
        while running.poll() is None and time.monotonic() < until:
            if len(self._got()) > before and self._keeps(self._got()[-1].split()[1]):
                break
            time.sleep(0.02)
        running.kill()
        running.wait()
        return len(self._got()) > before

    def _keeps(self, address: str) -> bool:
        """It writes a lease down after its script has run."""
        leases = (self.directory / "leases").read_text()
        return f"fixed-address {address};" in leases and leases.endswith("}\n")

    def _got(self) -> list[str]:
        return [line for line in self.noted() if line.startswith(("BOUND", "REBOOT"))]

    def release(self) -> None:
        self.station.run("dhclient", "-r", *self._arguments())

    def start_probing(self, *arguments: str) -> subprocess.Popen[str]:
        """The same, with a script that looks whether the address is somebody's."""
        (self.directory / "script.probes").touch()
        return self.start(*arguments)

    def _arguments(self) -> tuple[str, ...]:
        leases, pid = self.directory / "leases", self.directory / "pid"
        files = ("-lf", str(leases), "-pf", str(pid), "-sf", str(self.script))
        return ("-4", "-v", *files, self.interface)


class Udhcpc(Client):
    """busybox's, as our ramdisk runs it."""

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """In the foreground, for ever; SIGUSR1 renews, SIGUSR2 releases."""
        fixed = ("-f", "-i", self.interface, "-s", str(self.script))
        return self.station.start("busybox", "udhcpc", *fixed, *arguments)

    def start_probing(self, *arguments: str) -> subprocess.Popen[str]:
        """The same; it declines an address that is somebody's."""
        return self.start("-a", *arguments)


class Dhcpcd(Client):
    """It always looks whether an address is somebody's. What it keeps lies in a mount namespace of its
    own, so that several run at once."""

    def start(self, *options: str) -> subprocess.Popen[str]:
        """In the foreground, for ever; `options` are of its configuration file. SIGHUP rebinds, SIGUSR1
        renews, SIGALRM releases and ends it."""
        config = self.directory / "dhcpcd.conf"
        config.write_text("\n".join(("noipv6", "noipv4ll", "nohook lookup-hostname", *options)))
        given = f"-B -d -4 -f {config} -c {self.script} {self.interface}"
        own = "mount -t tmpfs none /run && mount -t tmpfs none /var/lib/dhcpcd"
        command = f"{own} && exec dhcpcd {given}"
        return self.station.start("unshare", "--mount", "sh", "-c", command)
