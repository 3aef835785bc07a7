"""The daemon on a virtual machine, whose power can be cut: what its kernel has not written is lost.

Debian's kernel over this machine's own files, which it reads and can't write to (those under /tmp too: this
tree may be there); the daemon's state is on a disk of its own, that its kernel writes to only when it is told
to (fsync).
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from provisioner.images.ramdisk_archive import Entry, RegularFile, archive
from provisioner.images.ramdisk_modules import Module, module_name, read_module
from tests.built_boot_programs import boot_programs
from tests.namespaces import Segment
from tests.provisioner.images.built_ramdisk import built_ramdisk
from tests.systemd_machine import unpacked

_DRIVERS = ("virtio_pci", "virtio_blk", "virtio_net", "af_packet", "9pnet_virtio", "9p", "ext4")
_DRIVERS_MORE = ("crc32c_generic",)
_INIT = """\
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do insmod /modules/$module.ko; done < /modules/order
echo 360000 > /proc/sys/vm/dirty_writeback_centisecs
echo 360000 > /proc/sys/vm/dirty_expire_centisecs
mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose,ro host /host
mount -t ext4 -o commit=3600 /dev/vda /host/media
for kernel in proc sys dev; do mount --bind /$kernel /host/$kernel; done
mount -t tmpfs tmpfs /host/run
[ -s /host/media/unsynced ] && echo FOUND unsynced
echo never synced > /host/media/unsynced
ip link set lo up
ip link set eth0 name lan0
ip address add ADDRESS dev lan0
ip link set lan0 up
echo STARTING
exec chroot /host /usr/bin/env PYTHONDONTWRITEBYTECODE=1 HOME=/run TMPDIR=/run COMMAND
"""


@dataclass
class DaemonMachine:
    """`state` is the folder that the disk begins with; `address` that of its card, `lan0`."""

    wire: Segment
    folder: Path
    address: str
    state: Path

    def __post_init__(self) -> None:
        self._running: subprocess.Popen[str] | None = None
        self._boots = 0
        self._kernel, initrd = kernel_and_initrd(self.address)
        self._initrd = self.folder / "initrd"
        self._initrd.write_bytes(initrd)
        self._disk = self.folder / "disk"
        kind = ("mke2fs", "-q", "-t", "ext4", "-d", self.state, self._disk, "64M")
        subprocess.check_call(kind)

    @property
    def console(self) -> str:
        """Of the last boot."""
        path = self.folder / f"console-{self._boots}"
        return path.read_text(errors="replace") if path.exists() else ""

    @property
    def is_on(self) -> bool:
        """It goes off by itself when the daemon ends."""
        return self._running is not None and self._running.poll() is None

    def power_on(self) -> None:
        self._boots += 1
        tap = self.wire.tap()
        self._running = self.wire.hub.start(
            *("qemu-system-x86_64", "-nodefaults", "-display", "none", "-no-reboot"),
            *("-machine", "q35,accel=tcg", "-cpu", "max", "-m", "768"),
            *("-kernel", str(self._kernel), "-initrd", str(self._initrd)),
            *("-append", "console=ttyS0 quiet panic=-1"),
            *("-serial", f"file:{self.folder / f'console-{self._boots}'}"),
            *("-drive", f"file={self._disk},format=raw,if=virtio,cache=writeback"),
            *("-netdev", f"tap,id=n0,ifname={tap},script=no,downscript=no"),
            *("-device", "virtio-net-pci,netdev=n0,romfile="),
            "-virtfs",
            "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
        )

    def cut_power(self) -> None:
        """SIGKILL for the whole machine: the kernel in it can do nothing any more."""
        assert self._running is not None
        self._running.kill()
        self._running.wait()


def kernel_and_initrd(address: str) -> tuple[Path, bytes]:
    tree = unpacked(kernel_package())
    (modules,) = (tree / "lib/modules").iterdir()
    entries = [RegularFile("/bin/busybox", Path("/bin/busybox").read_bytes(), 0o755)]
    entries += [RegularFile(f"/{name}/.keep", b"") for name in ("proc", "sys", "dev", "host")]
    command = (sys.executable, "-m", "provisioner.daemon", "--state", "/media")
    options = ("--boot-programs", str(boot_programs()), "--probe-wait", "0.3")
    init = _INIT.replace("ADDRESS", address).replace("COMMAND", shlex.join((*command, *options)))
    entries.append(RegularFile("/init", init.encode(), 0o755))
    return next((tree / "boot").glob("vmlinuz-*")), archive((*entries, *drivers(modules)))


def kernel_package() -> str:
    """The one whose kernel the ramdisk has."""
    built = built_ramdisk()[0].parent / "built.json"
    versions: dict[str, str] = json.loads(built.read_text())["versions"]
    return next(name for name in versions if name.startswith("linux-image-"))


def drivers(folder: Path) -> Iterator[Entry]:
    """Module files, and `order`: each after those that it needs. One that is none is in the kernel."""
    files = {module_name(file.name): file for file in folder.rglob("*.ko")}
    order: list[str] = []

    def take(name: str) -> None:
        if name in order or name not in files:
            return
        module: Module = read_module(files[name].name, files[name].read_bytes())
        for needed in module.needs:
            take(needed)
        order.append(name)

    for name in (*_DRIVERS_MORE, *_DRIVERS):
        take(name)
    for name in order:
        yield RegularFile(f"/modules/{name}.ko", files[name].read_bytes())
    yield RegularFile("/modules/order", "".join(f"{name}\n" for name in order).encode())
