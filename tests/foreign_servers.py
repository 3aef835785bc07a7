"""A DHCP server that isn't ours: dnsmasq, in a station of a test's segment."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from tests.namespaces import NetworkNamespace


@contextlib.contextmanager
def dnsmasq(station: NetworkNamespace, first: str, last: str, *more: str) -> Generator[None]:
    """Leases the addresses from `first` to `last` on eth0 until the block ends."""
    running = station.start(
        "dnsmasq",
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--log-facility=-",
        "--user=root",
        "--port=0",
        "--interface=eth0",
        "--bind-interfaces",
        "--leasefile-ro",
        f"--dhcp-range={first},{last},1h",
        *more,
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "DHCP, sockets bound" in line or "started" in line:
            break
    assert running.poll() is None, "dnsmasq has ended"
    try:
        yield
    finally:
        running.kill()
        running.wait()
