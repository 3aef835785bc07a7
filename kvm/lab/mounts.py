"""What a lab has mounted differently from the machine it runs on.

libvirt's paths are compiled in, so every lab gets its own directories at these paths, empty and in
memory. Nothing is created on the machine: where a mount point is missing, an overlay in memory over
its parent supplies it, with the folders that were there bound over it again.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from kvm.errors import LabDidNotStart
from kvm.lab.accounts import with_account

RUN = Path("/run")
PRIVATE = RUN / "harmony-lab"
"""The lab's own scratch directory, in memory, seen only inside."""

_EMPTY = tuple(
    Path(path)
    for path in ("/etc/libvirt", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt")
)
_RESOLVER = Path("/etc/resolv.conf")
_LIBVIRT_QEMU = ("libvirt-qemu", 64055)
"""libvirtd looks this user up when it starts, also where it is told to use root; only a package
that starts services creates it. The number is Debian's."""


def is_hidden(path: Path) -> bool:
    """Whether a lab sees nothing of the machine's own at `path`."""
    return any(path.is_relative_to(hidden) for hidden in (RUN, *_EMPTY))


def make_mounts(unpacked: Path | None) -> None:
    """Mount a lab's directories; the caller is alone in new mount, network and PID namespaces.

    Raises LabDidNotStart with the words of mount(8).
    """
    _mount("--make-rprivate", "/")
    resolver = _resolver_in_run()
    _mount("-t", "proc", "proc", "/proc")
    # The old /sys shows the network outside, and the cgroups that libvirt would put machines into.
    _run("umount", "--recursive", "--lazy", "/sys")
    _mount("-t", "sysfs", "sysfs", "/sys")
    _mount("-t", "tmpfs", "-o", "mode=755", "harmony-lab", str(RUN))
    PRIVATE.mkdir()
    if resolver is not None:
        path, text = resolver
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if unpacked is not None:
        _mount("-t", "overlay", "-o", f"lowerdir={unpacked}/usr:/usr", "harmony-lab", "/usr")
    for directory in _EMPTY:
        _supply(directory)
        _mount("-t", "tmpfs", "-o", "mode=755", "harmony-lab", str(directory))
    _supply_account()


def _resolver_in_run() -> tuple[Path, str] | None:
    """/etc/resolv.conf is often a link into /run; its text must outlive the mount over /run."""
    target = _RESOLVER.resolve()
    if not target.is_relative_to(RUN) or not target.is_file():
        return None
    return target, target.read_text()


def _supply(directory: Path) -> None:
    """Make the mount point `directory` exist inside the lab only.

    The folders beside it stay the machine's own: state, reports and images are written there.
    """
    if directory.is_dir():
        return
    parent = directory.parent
    layer = PRIVATE / "layers" / parent.relative_to("/")
    real, upper, work = layer / "real", layer / "upper", layer / "work"
    for made in (real, upper, work):
        made.mkdir(parents=True)
    _mount("--rbind", str(parent), str(real))
    options = f"lowerdir={real},upperdir={upper},workdir={work}"
    _mount("-t", "overlay", "-o", options, "harmony-lab", str(parent))
    directory.mkdir()
    for beside in real.iterdir():
        if beside.is_dir() and not beside.is_symlink():
            _mount("--rbind", str(beside), str(parent / beside.name))


def _supply_account() -> None:
    name, number = _LIBVIRT_QEMU
    entries = {
        "/etc/passwd": f"{name}:x:{number}:{number}::/nonexistent:/usr/sbin/nologin",
        "/etc/group": f"{name}:x:{number}:",
    }
    for file, entry in entries.items():
        original = Path(file).read_text()
        completed = with_account(original, entry)
        if completed != original:
            copy = PRIVATE / Path(file).name
            copy.write_text(completed)
            _mount("--bind", str(copy), file)


def _mount(*arguments: str) -> None:
    _run("mount", *arguments)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise LabDidNotStart(f"{' '.join(command)}: {done.stderr.strip()}")
