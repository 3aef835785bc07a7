"""Tells systemd how the daemon does (sd_notify(3)); silent where nobody asked."""

from __future__ import annotations

import socket


def notify(state: str, path: str | None) -> None:
    """Send `state` (such as `READY=1`) to the socket that NOTIFY_SOCKET names. A supervisor that
    doesn't listen is no reason to stop."""
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as notifier:
        try:
            notifier.sendto(state.encode(), address)
        except OSError:
            return
