"""The systemd unit that serves machines: pure rendering.

It runs as a user of its own that reads the images and writes its own folder; the rest of the site's
state, with the vault, is neither readable for that user nor there at all. Low ports and raw frames
are all that it needs of root.
"""

from __future__ import annotations

from provisioner.cli.places import StatePlace
from provisioner.cli.unit_file import HARDENING, USER, Service, command, hidden, plain, shown
from provisioner.images.boot_programs import folder_in

CAPABILITIES = "CAP_NET_BIND_SERVICE CAP_NET_RAW"


def render(service: Service) -> str:
    """The unit file's text."""
    daemon = StatePlace(service.state).daemon
    places = ("--state", daemon, "--boot-programs", folder_in(service.cache))
    cached = ("--cache", service.cache)
    serve = (service.python, "-m", "provisioner.daemon", *places, *cached, "--admit-group")
    return f"""\
[Unit]
Description=Harmony Provisioner: boot services of {plain(service.site_file.name)}
Wants=network-online.target
After=network-online.target
StartLimitIntervalSec=0

[Service]
Type=notify
ExecStart={command(*serve)}
User={USER}
Restart=always
RestartSec=2
TimeoutStopSec=1min

TemporaryFileSystem={hidden(service.state)}
BindPaths={shown(daemon)}
BindReadOnlyPaths={shown(*service.code, service.cache)}
CapabilityBoundingSet={CAPABILITIES}
AmbientCapabilities={CAPABILITIES}
RestrictAddressFamilies=AF_UNIX AF_INET AF_NETLINK AF_PACKET
{HARDENING}

[Install]
WantedBy=multi-user.target
"""
