"""A real HAProxy before real TLS servers: what fails, and who was killed."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.load_balancer import (
    Frontend,
    Frontends,
    ServerQuery,
    ServerState,
)
from harmony.domain.outcome import Change
from harmony.infra.errors import (
    BalancerUnusableError,
    BalancingRefusedError,
    ServiceRefusedError,
)
from harmony.infra.haproxy.load_balancer import HaproxyLoadBalancer
from harmony.infra.haproxy.runtime_socket import ask
from tests.harmony.infra.haproxy.balanced import (
    CHECK,
    contents,
    draining,
    ended,
    ensure,
    gone,
    process,
    refused,
    states,
    until,
    without,
)
from tests.harmony.infra.haproxy.tls_server import (
    TlsServer,
    fetched,
    free_port,
    opened,
)

pytestmark = pytest.mark.protocol


def test_a_dead_servers_sessions_are_ended(
    balancer: HaproxyLoadBalancer, api: Frontend, servers: list[TlsServer]
) -> None:
    ensure(balancer, replace(api, servers=api.servers[:1]))
    with opened(api.port, "/watch") as watch:
        assert watch.recv(4096)
        servers[0].well = False
        assert ended(watch)
    (found,) = asyncio.run(balancer.observe_servers(ServerQuery(("api",))))
    assert (found.state, found.reason.partition(",")[0]) == (
        ServerState.DOWN,
        "Layer7 wrong status (503)",
    )


def test_what_haproxy_refuses_changes_nothing(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    ensure(balancer, api)
    before, files = process(balancer), contents(balancer.folder)
    bad = replace(api, health=replace(CHECK, seconds=10**12))  # a number, but too large
    with pytest.raises(BalancingRefusedError, match=r"refuses its configuration: .*timer overflow"):
        ensure(balancer, bad)
    assert (process(balancer), contents(balancer.folder)) == (before, files)
    assert fetched(api.port)
    assert not ensure(balancer, api).changed


def test_a_port_that_is_taken_changes_nothing(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    ensure(balancer, api)
    before, files = process(balancer), contents(balancer.folder)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        with pytest.raises(ServiceRefusedError, match="cannot bind socket"):
            ensure(balancer, replace(api, port=port))
    assert (process(balancer), contents(balancer.folder)) == (before, files)
    assert fetched(api.port)


def test_what_was_done_while_it_ran_holds_after_both_were_killed(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    door = replace(api, sources=())
    ensure(balancer, without(door, "cp2"))
    changed = replace(draining(door, "bootstrap"), sources=("127.0.0.9",))
    ensure(balancer, changed)
    pid = int(process(balancer)[0])
    os.kill(pid, signal.SIGKILL)
    until(lambda: balancer.supervisor.structure() is None)
    assert states(balancer) == {}
    another = HaproxyLoadBalancer(balancer.folder, balancer.program)
    assert ensure(another, changed) == Change(True, "HAProxy is started")
    until(lambda: states(another)["cp2"] is ServerState.UP)
    assert states(another)["bootstrap"] is ServerState.DRAIN
    assert {fetched(api.port, "127.0.0.9") for _ in range(4)} == {"cp1", "cp2"}
    assert refused(api.port, "127.0.0.1")
    assert not ensure(balancer, changed).changed


def test_what_a_person_did_on_its_socket_is_undone(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    ensure(balancer, api)
    ask(balancer.folder / "admin.sock", "set server api/cp1 state maint")
    assert states(balancer)["cp1"] is ServerState.MAINT
    assert ensure(balancer, api) == Change(True, "api/cp1 is no longer taken out")
    assert states(balancer)["cp1"] is ServerState.UP


def test_a_door_that_a_person_opened_is_closed(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    door = replace(api, sources=())
    ensure(balancer, door)
    file = balancer.folder / "sources-api"
    assert ask(balancer.folder / "admin.sock", f"add acl {file} 127.0.0.0/8") == ""
    assert fetched(api.port)
    assert ensure(balancer, door).what == "api is closed to 127.0.0.0/8"
    assert refused(api.port, "127.0.0.1")


def test_a_socket_that_was_removed_is_no_reason_for_two(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    ensure(balancer, api)
    first = int(process(balancer)[0])
    (balancer.folder / "admin.sock").unlink()
    assert ensure(balancer, api) == Change(True, "HAProxy is started")
    until(lambda: gone(first))
    assert fetched(api.port)


def test_no_program(tmp_path: Path, api: Frontend) -> None:
    with pytest.raises(BalancerUnusableError, match="apt install haproxy"):
        ensure(HaproxyLoadBalancer(tmp_path, (str(tmp_path / "no"),)), api)


def test_two_owners_at_once(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    other = replace(api, name="web", port=free_port())

    async def both() -> None:
        await asyncio.gather(
            balancer.ensure_frontends(Frontends("a", (api,))),
            balancer.ensure_frontends(Frontends("b", (other,))),
        )

    asyncio.run(both())
    assert fetched(api.port)
    assert fetched(other.port)
    assert not ensure(balancer, api, owner="a").changed


ENSURING = """
import asyncio, itertools, pickle, sys
balancer, wishes = pickle.loads(sys.stdin.buffer.read())
print("ready", flush=True)
for wish in itertools.cycle(wishes):
    asyncio.run(balancer.ensure_frontends(wish))
"""


def test_killed_at_any_moment_nothing_is_lost(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    """What it was about to do is done by the next, and connections are served meanwhile."""
    door = replace(api, sources=("127.0.0.1",))
    ways = [
        door,
        draining(door, "cp1"),
        without(door, "cp2"),
        replace(door, sources=("127.0.0.1", "127.0.0.9")),
    ]
    wishes = [Frontends("okd", (one,)) for one in ways]
    ensure(balancer, door)
    before = process(balancer)
    until(lambda: set(states(balancer).values()) == {ServerState.UP})
    for milliseconds in range(5, 125, 10):
        child = subprocess.Popen(
            (sys.executable, "-c", ENSURING), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with child:
            assert child.stdin
            assert child.stdout
            child.stdin.write(pickle.dumps((balancer, wishes)))
            child.stdin.close()
            assert child.stdout.readline() == b"ready\n"
            time.sleep(milliseconds / 1000)
            assert child.poll() is None
            child.kill()
        assert fetched(api.port, "127.0.0.1")
        ensure(balancer, draining(door, "cp1"))
        assert not ensure(balancer, draining(door, "cp1")).changed
        assert states(balancer).keys() == {"bootstrap", "cp1", "cp2"}
    assert process(balancer) == before
