"""`./dev look`: everything that is lacking is said at once, before anything is installed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.dev.checkout import let_everybody_in
from tests.structure.tree import ROOT

pytestmark = pytest.mark.protocol

INPUTS = ("dev", "requirements.lock", "requirements-build.lock", "pyproject.toml")
PACKAGES = "# name, then why\nqemu-utils  disks\nzstd  images\n"
# A /dev without the devices of virtual machines, and a memory of our own.
DOCTORED = """\
mount -t tmpfs tmpfs /dev
mknod -m 666 /dev/null c 1 3
ln -s /proc/self/fd /dev/fd
mount --bind "$1/meminfo" /proc/meminfo
mount --bind "$1/os-release" "$(readlink -f /etc/os-release)"
shift
exec "$@"
"""


@dataclass(frozen=True)
class Machine:
    """A copy of `dev` in `folder`, on a machine where some commands answer as we wish."""

    folder: Path

    def answers(self, command: str, script: str) -> None:
        path = self.folder / "fakes" / command
        path.write_text(f"#!/bin/bash\n{script}\n")
        path.chmod(0o755)

    def look(self, *user: str, words: tuple[str, ...] = ("look",)) -> tuple[int, str]:
        """Exit code and screen, this folder's path written as @."""
        environment = {
            "PATH": f"{self.folder}/fakes:{os.environ['PATH']}",
            "HOME": f"{self.folder}/home",
            "HARMONY_STATE": f"{self.folder}/state",
        }
        doctor = (
            "/usr/bin/unshare",
            "--mount",
            "bash",
            "-ec",
            DOCTORED,
            "doctor",
            str(self.folder),
        )
        done = subprocess.run(
            (*doctor, *user, f"{self.folder}/dev", *words),
            env=environment,
            text=True,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )
        assert done.stdout == ""
        return done.returncode, done.stderr.replace(str(self.folder), "@")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One that has everything but devices."""
    let_everybody_in(tmp_path)
    for name in INPUTS:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "dev").chmod(0o755)
    for name in ("requirements.lock", "requirements-build.lock"):
        (tmp_path / name).write_text("one==1 \\\n    --hash=sha256:0\n")
    (tmp_path / "debian-packages.txt").write_text(PACKAGES)
    (tmp_path / "meminfo").write_text("MemTotal: 9437184 kB\nMemAvailable:  8388608 kB\n")
    (tmp_path / "os-release").write_text(
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\n'
    )
    (tmp_path / "fakes").mkdir()
    made = Machine(tmp_path)
    made.answers("dpkg-query", "echo 'ii zstd'; echo 'ii qemu-utils'")
    made.answers("df", "echo Filesystem Avail; echo /dev/vda1 51200M")
    made.answers("nproc", "echo 2")
    made.answers("uname", "echo x86_64")
    return made


LACKING_EVERYTHING = """\
Harmony Provisioner: what will be installed, and what is needed

  Debian packages  1, by apt-get from this machine's mirrors (none starts or enables a service):
                   qemu-utils
                   and what they need, new or newer:
                   libaio1 liburing2
  Python packages  1, locked by hash, into @/.venv
  Images           built here, into @/home/.cache/harmony-provisioner

  System           Debian GNU/Linux 12 (bookworm), x86_64, 2 CPUs
  Disk             15 GiB needed, 3 GiB free at @
  Memory           7 GiB needed, 2 GiB available
  Rights           nobody, WITHOUT sudo
  Namespaces       mount, network, process: not tried, that needs root
  Devices          /dev/net/tun, /dev/kvm: not tried, that needs root
  Expect           emulation: expect 25 min the first time, 12 after (on two fast cores 11 and 7);
                   ./dev rehearse examples/first_boot.py shows the start of it in 9

Lacking:
  disk: 3 GiB free at @, 15 GiB needed
      free some, or: HARMONY_CACHE=/on/a/larger/disk HARMONY_STATE=/on/it/too ./dev …
  memory: 2 GiB available, 7 GiB needed
      end other programs, or rehearse less: ./dev rehearse examples/first_boot.py (3 GiB)
  root, or sudo for nobody
      su - -c 'apt-get install sudo; adduser nobody sudo' (then log in again)
"""

OF_THE_KERNEL = """\
  namespaces: unshare --mount --net --pid fails
      in a container: start it with --privileged; else: sysctl -w user.max_net_namespaces=1000
  /dev/net/tun does not open
      modprobe tun (in a container: start it with --device /dev/net/tun)
"""


def test_everything_lacking_is_listed_at_once_each_with_the_command_that_helps(
    machine: Machine,
) -> None:
    machine.answers("dpkg-query", "echo 'ii zstd'")
    machine.answers(
        "apt-get", "echo 'Inst libaio1 (1)'; echo 'Inst liburing2 (2)'; echo 'Inst qemu-utils (3)'"
    )
    machine.answers("df", "echo Filesystem Avail; echo /dev/vda1 3100M")
    machine.answers("sudo", "exit 1")
    (machine.folder / "meminfo").write_text("MemAvailable: 2097152 kB\n")
    code, screen = machine.look("setpriv", "--reuid", "nobody", "--clear-groups")
    assert screen == LACKING_EVERYTHING
    assert code == 2


def test_root_tries_what_the_kernel_grants_and_only_what_is_lacking_is_listed(
    machine: Machine,
) -> None:
    machine.answers("unshare", "exit 1")
    code, screen = machine.look()
    assert code == 2
    assert "  Namespaces       mount, network, process: tried, REFUSED\n" in screen
    assert "  Devices          /dev/net/tun does NOT open\n" in screen
    assert "                   /dev/kvm does not open\n" in screen
    assert screen.partition("Lacking:\n")[2] == OF_THE_KERNEL


@pytest.mark.parametrize(
    ("words", "gib"),
    [
        ("look", 7),
        ("rehearse", 7),
        ("rehearse --keep", 7),
        ("rehearse examples/home_office.py", 7),
        ("rehearse examples/first_boot.py", 3),
        ("rehearse --keep my.py", 3),
        ("provisioner rehearse examples/first_boot.py", 3),
        ("test", 7),
        ("test -m unit", 0),
        ("provisioner serve examples/home_office.py", 0),
    ],
)
def test_memory_is_asked_for_by_what_is_to_run(machine: Machine, words: str, gib: int) -> None:
    (machine.folder / "meminfo").write_text("MemAvailable: 2097152 kB\n")
    code, screen = machine.look(words=tuple(words.split()))
    assert code == 2
    if gib:
        assert f"  memory: 2 GiB available, {gib} GiB needed\n" in screen
    else:
        assert "  Memory           2 GiB available\n" in screen
        assert "memory:" not in screen


def test_disk_is_asked_for_where_it_is_used(machine: Machine) -> None:
    """The machines' disks lie in the state folder; finished images aren't built again."""
    machine.answers(
        "df",
        '[[ $3 = */state ]] && at=b || at=a; echo FS Avail; echo "/dev/vd$at 1024M"',
    )
    (machine.folder / "state").mkdir()
    code, screen = machine.look()
    assert code == 2
    assert "  disk: 1 GiB free at @, 10 GiB needed\n" in screen
    assert "  disk: 1 GiB free at @/state, 3 GiB needed\n" in screen
    for name in ("node-image", "kubernetes"):
        (machine.folder / "home/.cache/harmony-provisioner/finished" / name / "1").mkdir(
            parents=True
        )
    assert ", 10 GiB needed\n" in machine.look()[1], "what is empty is not finished"
    for folder in (machine.folder / "home/.cache/harmony-provisioner/finished").glob("*/1"):
        (folder / "built.json").touch()
    assert "@/home/.cache/harmony-provisioner, 2 GiB needed\n" in machine.look()[1]


def test_another_system_is_refused(machine: Machine) -> None:
    (machine.folder / "os-release").write_text('PRETTY_NAME="Other 1"\nVERSION_CODENAME=one\n')
    code, screen = machine.look()
    assert code == 2
    assert "  Debian 12 on x86_64 (this is Other 1, x86_64)\n      use a virtual machine" in screen


def test_apt_without_lists_names_what_is_missing_all_the_same(machine: Machine) -> None:
    machine.answers("dpkg-query", ":")
    machine.answers("apt-get", "exit 100")
    code, screen = machine.look()
    assert code == 2
    assert "                   qemu-utils zstd\n" in screen
    assert "named before it is installed, apt has no lists yet" in screen
