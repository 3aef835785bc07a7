"""A load balancer by a real HAProxy, and the servers behind it, ended with the test."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.peers.unpacked import unpacked
from harmony.domain.capability.load_balancer import Frontend
from harmony.infra.haproxy.load_balancer import HaproxyLoadBalancer
from provisioner.cli.places import cache_folder
from tests.harmony.infra.haproxy.balanced import CHECK
from tests.harmony.infra.haproxy.tls_server import TlsServer, free_port, tls_server


@pytest.fixture
def program() -> tuple[str, ...]:
    """Debian's HAProxy: unpacked, for its package starts a service."""
    return unpacked("haproxy", cache_folder()).command("usr/sbin/haproxy")


@pytest.fixture
def balancer(tmp_path: Path, program: tuple[str, ...]) -> Generator[HaproxyLoadBalancer]:
    made = HaproxyLoadBalancer(tmp_path / "lb", program)
    try:
        yield made
    finally:
        made.supervisor.stop()


@pytest.fixture
def servers() -> Generator[list[TlsServer]]:
    with ExitStack() as stack:
        yield [stack.enter_context(tls_server(name)) for name in ("bootstrap", "cp1", "cp2")]


@pytest.fixture
def api(servers: list[TlsServer]) -> Frontend:
    all_of_them = tuple(one.server() for one in servers)
    return Frontend("api", ("127.0.0.1",), free_port(), all_of_them, CHECK)
