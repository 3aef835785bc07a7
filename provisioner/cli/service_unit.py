"""The systemd unit that carries a site's Scores out, with the daemon's unit below it: pure rendering.

It is root, whom the vault belongs to, with none of root's powers but to read: SITE.py and the program
may lie in a home that is closed to others. Images are built before (`install-service` does it),
because building needs rights that serving must not have. Assets it downloads itself.

It only wants the daemon: what it required would take it along whenever systemd starts it again.
"""

from __future__ import annotations

from provisioner.cli.image_builds import binaries_option
from provisioner.cli.unit_file import (
    DAEMON,
    HARDENING,
    USER,
    Service,
    command,
    plain,
    quoted,
    shown,
)


def render(service: Service) -> str:
    """The unit file's text."""
    given = service.kubernetes_binaries
    official = binaries_option(given) if given else ()
    serve = ("serve", service.site_file, "--state", service.state, "--join", *official)
    return f"""\
[Unit]
Description=Harmony Provisioner: {plain(service.site_file.name)}
Wants=network-online.target {DAEMON}
After=network-online.target {DAEMON}
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command(service.python, "-m", "provisioner.cli.main", *serve)}
Environment={quoted(f"HARMONY_CACHE={service.cache}")}
SupplementaryGroups={USER}
Restart=always
RestartSec=5
TimeoutStartSec=5min
TimeoutStopSec=1min

BindPaths={shown(service.state)} {quoted(f"-{service.cache / 'assets'}")}
BindReadOnlyPaths={shown(*service.code, service.site_file.parent, service.cache)}
CapabilityBoundingSet=CAP_DAC_READ_SEARCH
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
{HARDENING}

[Install]
WantedBy=multi-user.target
"""
