"""The systemd unit that serves a site: pure rendering.

It runs as root with three capabilities: the vault and an installation under root's home need root's
ownership, the network needs these three. Images are built before (`install-service` does it),
because building needs rights that serving must not have.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

NAME = "harmony-provisioner.service"
CAPABILITIES = "CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE"


@dataclass(frozen=True, slots=True)
class ServiceUnit:
    """What the unit is about; every path is absolute."""

    program: Path
    site_file: Path
    state: Path
    cache: Path


def render(unit: ServiceUnit) -> str:
    """The unit file's text."""
    command = " ".join(map(_quoted, (unit.program, "serve", unit.site_file, "--state", unit.state)))
    return f"""\
[Unit]
Description=Harmony Provisioner: {_plain(unit.site_file.name)}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command}
Environment={_quoted(f"HARMONY_CACHE={unit.cache}")}
Restart=always
RestartSec=5
TimeoutStartSec=5min
TimeoutStopSec=1min
WorkingDirectory=/

StateDirectory=harmony-provisioner
StateDirectoryMode=0700
RuntimeDirectory=harmony-provisioner
RuntimeDirectoryMode=0700
ReadWritePaths={_quoted(f"-{unit.state}")} {_quoted(f"-{unit.cache}")}
UMask=0077

CapabilityBoundingSet={CAPABILITIES}
AmbientCapabilities={CAPABILITIES}
NoNewPrivileges=yes
LockPersonality=yes
PrivateDevices=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=read-only
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK AF_PACKET
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(word: object) -> str:
    """A word of a unit file: quoted, with specifiers (%) and variables ($) switched off."""
    text = str(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"'
