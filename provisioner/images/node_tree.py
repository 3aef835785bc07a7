"""What the node's root holds: packages, what is left out of them, and our own files.

The files lie beside this module under `node_files/`, at the places they have on the node.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

FILES = Path(__file__).parent / "node_files"
SYSTEM = [
    "usr-is-merged",
    "systemd",
    "systemd-sysv",
    "systemd-resolved",
    "systemd-timesyncd",
    "udev",
    "kmod",
    "dbus",
    "linux-image-amd64",
    "iproute2",
    "iptables",
    "conntrack",
    "ethtool",
    "socat",
    "iputils-ping",
    "curl",
    "ca-certificates",
    "procps",
    "python3",
    "zstd",
]
FIRST_BOOT = [
    "dracut",
    "dracut-network",
    "ignition",
    "gdisk",
    "e2fsprogs",
    "dosfstools",
    "xfsprogs",
]
CONTAINERS = ["containerd", "runc", "containernetworking-plugins", "etcd-server"]
PACKAGES = (*SYSTEM, *FIRST_BOOT, *CONTAINERS)

# Kernel modules no server needs; every storage and wired network driver stays.
MODULES_LEFT_OUT = [
    "sound",
    "drivers/media",
    "drivers/gpu",
    "drivers/video",
    "drivers/bluetooth",
    "drivers/net/wireless",
    "drivers/net/can",
    "drivers/net/ieee802154",
    "drivers/net/wwan",
    "drivers/net/hamradio",
    "drivers/net/arcnet",
    "drivers/staging",
    "drivers/isdn",
    "drivers/nfc",
    "drivers/iio",
    "drivers/comedi",
    "drivers/input/joystick",
    "drivers/input/tablet",
    "drivers/input/touchscreen",
    "drivers/input/misc",
    "drivers/usb/gadget",
    "drivers/usb/misc",
    "drivers/usb/atm",
    "drivers/parport",
    "drivers/pcmcia",
    "drivers/accel",
    "drivers/gnss",
    "drivers/memstick",
    "drivers/auxdisplay",
    "drivers/w1",
    "drivers/atm",
    "drivers/soundwire",
    "net/bluetooth",
    "net/mac80211",
    "net/wireless",
    "net/nfc",
    "net/can",
    "net/ieee802154",
    "net/mac802154",
    "net/6lowpan",
    "net/atm",
    "net/ax25",
    "net/netrom",
    "net/rose",
    "net/appletalk",
    "net/rds",
    "net/tipc",
    "net/batman-adv",
    "net/rxrpc",
    "fs/afs",
    "fs/ocfs2",
    "fs/gfs2",
    "fs/coda",
    "fs/jfs",
    "fs/reiserfs",
    "fs/nilfs2",
    "fs/f2fs",
    "fs/ubifs",
    "fs/jffs2",
    "fs/hfs",
    "fs/hfsplus",
    "fs/ntfs",
    "fs/ntfs3",
    "fs/affs",
    "fs/befs",
    "fs/minix",
    "fs/sysv",
    "fs/ufs",
    "fs/omfs",
    "fs/orangefs",
    "fs/qnx4",
    "fs/qnx6",
    "fs/adfs",
    "fs/efs",
]
PATHS_LEFT_OUT = (
    "/usr/share/man/*",
    "/usr/share/info/*",
    "/usr/share/locale/*",
    "/usr/share/doc/*",
    "/usr/share/lintian/*",
    "/usr/share/bug/*",
    "/usr/share/i18n/*",
    "/usr/lib/x86_64-linux-gnu/gconv/*",
    "/usr/lib/x86_64-linux-gnu/libicu*",  # only xfs_scrub uses it
    "/usr/bin/containerd-stress",
    "/usr/bin/containerd-shim",  # only runc's second shim is used by containerd's CRI
    "/usr/bin/containerd-shim-runc-v1",
    "/usr/bin/ignition-validate",
    *(f"/lib/modules/*/kernel/{folder}/*" for folder in MODULES_LEFT_OUT),
)
PATHS_KEPT = ("/usr/share/doc/*/copyright",)
MASKED = (
    "systemd-network-generator.service",  # its files from the initramfs are there already
    "e2scrub_reap.service",
    "systemd-pstore.service",
    "systemd-binfmt.service",
    "proc-sys-fs-binfmt_misc.automount",
)
STARTED = ("node-firstboot-complete.service", "harmony-first-boot-report.service")
UNITS = "usr/lib/systemd/system"
LEFT_BEHIND = ("etc/hostname", "etc/resolv.conf", "var/lib/dbus/machine-id", "var/cache/ldconfig")


def dpkg_options() -> Iterator[str]:
    """Options that keep dpkg from unpacking what the node does without."""
    yield from (f"path-exclude={path}" for path in PATHS_LEFT_OUT)
    yield from (f"path-include={path}" for path in PATHS_KEPT)
    yield "force-unsafe-io"


def own_files() -> dict[str, str]:
    """Our own files: path on the node to text."""
    found = sorted(path for path in FILES.rglob("*") if path.is_file())
    return {str(path.relative_to(FILES)): path.read_text() for path in found}


def place_own_files(tree: Path) -> None:
    """Put our files, links and masks into `tree`; what begins with `#!` is made executable."""
    for name, text in own_files().items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755 if text.startswith("#!") else 0o644)
    for unit in MASKED:
        _link(tree / "etc/systemd/system" / unit, "/dev/null")
    for unit in STARTED:
        _link(tree / UNITS / "multi-user.target.wants" / unit, f"../{unit}")


def clean(tree: Path) -> None:
    """Remove what the build host left in it, and what is made anew on the node."""
    for name in LEFT_BEHIND:
        path = tree / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for pattern in (
        "var/log/*",
        "var/cache/apt/*",
        "var/lib/apt/lists/*",
        "var/cache/debconf/*-old",
    ):
        for path in tree.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    _link(tree / "etc/resolv.conf", "/run/systemd/resolve/resolv.conf")
    (tree / "boot").mkdir(exist_ok=True)


def mark_updated(tree: Path, now: float) -> None:
    """Say that caches made from /usr are fresh, or the first boot makes them all again.

    ConditionNeedsUpdate= compares these files with /usr, to the nanosecond if the file is empty.
    """
    stamp = f"TIMESTAMP_NSEC={int(now * 1e9)}\n"
    for name in ("etc/.updated", "var/.updated"):
        (tree / name).write_text(stamp)


def content_size(tree: Path) -> int:
    """Bytes the tree takes on an ext4 filesystem of 4 KiB blocks, roughly."""
    block = 4096
    return sum(
        block * (1 + path.lstat().st_size // block)
        for path in tree.rglob("*")
        if not path.is_symlink()
    )


def _link(path: Path, target: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(target)
