"""A machine started by systemd, in namespaces of its own: Debian's systemd, unpacked under the cache, as
process 1 over a copy-on-write view of this machine's files. It has a network card `eth1` with 10.7.0.1.
Whatever happens in it ends with it."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from provisioner.cli.places import cache_folder
from tests.control_group import control_group

# $1: the unpacked tree, $2: an empty folder. The machine's own units and init scripts are hidden. /tmp isn't
# emptied, as systemd does when a machine starts: the checkout may lie there.
START = """\
mount --make-rprivate /
mount -t tmpfs tmpfs "$2"
cd "$2"
mkdir up work root
cp -a "$1" tree
for part in bin sbin lib lib64; do
  [ -d tree/$part ] || continue
  mkdir -p tree/usr/$part
  cp -a tree/$part/. tree/usr/$part/
  rm -r tree/$part
done
mount -t overlay overlay -o "lowerdir=$PWD/tree:/,upperdir=$PWD/up,workdir=$PWD/work" root
cd root
for hidden in etc/systemd/system etc/init.d etc/rc?.d; do mount -t tmpfs tmpfs $hidden; done
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs dev
mknod -m 666 dev/null c 1 3
mknod -m 666 dev/zero c 1 5
mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8
mknod -m 666 dev/urandom c 1 9
mknod -m 666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
: >etc/fstab
mkdir -p etc/tmpfiles.d
: >etc/tmpfiles.d/tmp.conf
: >etc/machine-id
ip link set lo up
ip link add eth1 type veth peer name wire
ip address add 10.7.0.1/24 dev eth1
ip link set eth1 up
ip link set wire up
mkdir -p mnt/outside
pivot_root . mnt/outside
umount --lazy /mnt/outside
exec env -i container=namespaces PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  /lib/systemd/systemd --system --unit=multi-user.target --show-status=no --log-target=console
"""
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
ENTER = ("bash", "-ec", 'echo $$ >"$1/cgroup.procs"; shift; exec unshare "$@"', "enter")
NAMESPACES = ("--cgroup", "--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child")


@dataclass(frozen=True)
class SystemdMachine:
    """`init` is the process id of its systemd, seen from outside."""

    init: int
    log: Path

    def run(self, *command: str, check: bool = True) -> str:
        """What the command in the machine says on both outputs; AssertionError if it fails."""
        done = subprocess.run(
            ("nsenter", "--target", str(self.init), "--all", *command),
            env={
                "PATH": f"{Path(sys.executable).parent}:/usr/sbin:/usr/bin",
                "HOME": "/root",
                "HARMONY_CACHE": str(cache_folder()),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout
        return done.stdout


def unpacked(*packages: str) -> Path:
    """Debian packages to run from where they are."""
    command = (sys.executable, "-m", "provisioner.images", "unpack", *packages)
    said = subprocess.run(
        (*command, "--cache", str(cache_folder())), check=True, capture_output=True, text=True
    ).stdout
    return Path(json.loads(said.splitlines()[-1])["path"])


@contextlib.contextmanager
def systemd_machine(folder: Path) -> Generator[SystemdMachine]:
    """One that has come up; `folder` is empty. It ends with this process, however that ends."""
    over = folder / "over"
    over.mkdir()
    log = folder / "systemd.log"
    inner = ("bash", "-ec", START, "start", unpacked("systemd", "dbus"), over)
    with (
        control_group() as group,
        log.open("wb") as output,
        subprocess.Popen(
            (*DIES_WITH_US, *ENTER, group, *NAMESPACES, *inner), stdout=output, stderr=output
        ) as outer,
    ):
        try:
            yield _come_up(outer, log)
        finally:
            outer.kill()
            outer.wait()


def _come_up(outer: subprocess.Popen[bytes], log: Path) -> SystemdMachine:
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and outer.poll() is None:
        for child in children.read_text().split():
            machine = SystemdMachine(int(child), log)
            if Path(f"/proc/{child}/comm").read_text() == "systemd\n" and "running" in machine.run(
                "systemctl", "is-system-running", check=False
            ):
                return machine
        time.sleep(0.2)
    raise AssertionError(f"systemd did not come up:\n{log.read_text()}")
