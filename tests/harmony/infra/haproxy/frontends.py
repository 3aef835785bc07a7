"""Two frontends, as tests want them: an open one, and a door."""

from __future__ import annotations

from pathlib import Path

from harmony.domain.capability.load_balancer import Balance, Frontend, HealthCheck, Server
from harmony.infra.haproxy.configuration import Place

PLACE = Place(Path("/state"), unprivileged=True)
DOOR = Frontend(
    "door",
    ("10.7.0.5", "fd00::5"),
    22623,
    (Server("cp1", "10.7.0.11", 22623), Server("cp2", "fd00::12", 22623, drained=True)),
    HealthCheck("/healthz", tls=True),
    sources=("10.7.0.12", "10.7.0.11"),
)
WEB = Frontend(
    "web",
    ("0.0.0.0",),
    80,
    (Server("w1", "10.7.0.21", 80),),
    HealthCheck("/healthz/ready", tls=False, port=1936, seconds=10, fall=2, rise=3),
    Balance.SOURCE,
)
