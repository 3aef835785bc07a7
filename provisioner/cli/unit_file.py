"""What both units of the service have in common: their places, how words are written, their hardening."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DAEMON = "harmony-provisioner-daemon.service"
SERVICE = "harmony-provisioner.service"
USER = "harmony-provisioner"
"""Runs the daemon. Its group, which has no other member, may use the admin socket."""

HARDENING = """\
KeyringMode=private
LockPersonality=yes
MemoryDenyWriteExecute=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateMounts=yes
PrivateTmp=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=tmpfs
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
UMask=0077
WorkingDirectory=/"""
"""Homes are hidden: what a unit needs of one (a program that pipx has installed, SITE.py) it names."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the units are about; every path is absolute. `code` is where Python and the program lie,
    `kubernetes_binaries` is in the cache."""

    python: Path
    code: tuple[Path, ...]
    site_file: Path
    state: Path
    cache: Path
    kubernetes_binaries: Path | None = None


def command(*words: object) -> str:
    """A command line: every word quoted, with specifiers (%) and variables ($) switched off."""
    return " ".join(quoted(word).replace("$", "$$") for word in words)


def quoted(word: object) -> str:
    """A word of any other setting: quoted, with specifiers (%) switched off."""
    return '"' + plain(str(word).replace("\\", "\\\\").replace('"', '\\"')) + '"'


def shown(*paths: Path) -> str:
    """Paths for BindPaths= and BindReadOnlyPaths=."""
    return " ".join(map(quoted, paths))


def hidden(path: Path) -> str:
    """A path for TemporaryFileSystem=, which is unquoted first and then parted at its colon."""
    escaped = str(path).replace("\\", "\\\\").replace(":", "\\:")
    return quoted(f"{escaped}:ro,mode=0755")


def plain(text: str) -> str:
    """Text that isn't quoted, with specifiers (%) switched off."""
    return text.replace("%", "%%")
