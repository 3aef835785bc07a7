"""What tests ask of a load balancer."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from harmony.domain.capability.load_balancer import (
    Frontend,
    Frontends,
    HealthCheck,
    ServerQuery,
    ServerState,
)
from harmony.domain.outcome import Change
from harmony.infra.haproxy.load_balancer import HaproxyLoadBalancer
from harmony.infra.haproxy.running import read_info
from harmony.infra.haproxy.runtime_socket import ask
from tests.harmony.infra.haproxy.tls_server import (
    fetched,
)

CHECK = HealthCheck("/readyz", tls=True, seconds=1, fall=2, rise=1)


def ensure(balancer: HaproxyLoadBalancer, *frontends: Frontend, owner: str = "okd") -> Change:
    return asyncio.run(balancer.ensure_frontends(Frontends(owner, frontends)))


def states(balancer: HaproxyLoadBalancer) -> dict[str, ServerState]:
    found = asyncio.run(balancer.observe_servers(ServerQuery()))
    return {one.server: one.state for one in found}


def until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "never came"
        time.sleep(0.02)


def process(balancer: HaproxyLoadBalancer) -> tuple[str, str]:
    """Its number and when it was started: what changes with every reload."""
    pid = read_info(ask(balancer.folder / "admin.sock", "show info"))["Pid"]
    return pid, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]


def gone(pid: int) -> bool:
    """Ended, whether or not anybody has taken notice of it."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


def refused(port: int, source: str) -> bool:
    try:
        return fetched(port, source) == ""
    except OSError:
        return True


def without(frontend: Frontend, name: str) -> Frontend:
    return replace(frontend, servers=tuple(one for one in frontend.servers if one.name != name))


def draining(frontend: Frontend, name: str) -> Frontend:
    servers = tuple(replace(one, drained=one.name == name) for one in frontend.servers)
    return replace(frontend, servers=servers)


def contents(folder: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}


def ended(watch: ssl.SSLSocket) -> bool:
    """Whether the other side ends it; TimeoutError if it doesn't."""
    watch.settimeout(20)
    try:
        return watch.recv(4096) == b""
    except TimeoutError:
        raise
    except OSError:
        return True
