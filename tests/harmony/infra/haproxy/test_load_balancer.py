"""A real HAProxy before real TLS servers."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from harmony.domain.capability.load_balancer import (
    Frontend,
    Server,
    ServerState,
)
from harmony.domain.outcome import Change
from harmony.infra.haproxy.load_balancer import HaproxyLoadBalancer
from tests.harmony.infra.haproxy.balanced import (
    CHECK,
    draining,
    ended,
    ensure,
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


def test_it_is_started_once_and_shares_out(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    assert ensure(balancer, api) == Change(True, "HAProxy is started")
    before = process(balancer)
    until(lambda: set(states(balancer).values()) == {ServerState.UP})
    assert {fetched(api.port) for _ in range(6)} == {"bootstrap", "cp1", "cp2"}
    assert ensure(balancer, api) == Change(False, "1 frontends are served")
    assert process(balancer) == before


def test_what_runs_can_do_nothing_else(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    """Neither is it root, nor does it see any file."""
    ensure(balancer, api)
    pid = process(balancer)[0]
    assert Path(f"/proc/{pid}/root").readlink() == balancer.folder / "empty"
    status = Path(f"/proc/{pid}/status").read_text()
    assert "Uid:\t65534\t65534\t65534\t65534\n" in status
    assert "CapEff:\t0000000000000000\n" in status


def test_no_request_fails_while_a_server_drains_and_leaves(
    balancer: HaproxyLoadBalancer, api: Frontend, servers: list[TlsServer]
) -> None:
    ensure(balancer, api)
    before = process(balancer)
    until(lambda: set(states(balancer).values()) == {ServerState.UP})
    answers: list[str | OSError] = []
    stop = threading.Event()

    def client() -> None:
        while not stop.is_set():
            try:
                answers.append(fetched(api.port))
            except OSError as error:
                answers.append(error)

    thread = threading.Thread(target=client)
    thread.start()
    try:
        until(lambda: answers.count("bootstrap") > 3)
        assert ensure(balancer, draining(api, "bootstrap")).changed
        assert states(balancer)["bootstrap"] is ServerState.DRAIN
        time_of_drain = len(answers)
        until(lambda: len(answers) > time_of_drain + 10)
        assert ensure(balancer, without(api, "bootstrap")).changed
        time_of_removal = len(answers)
        until(lambda: len(answers) > time_of_removal + 10)
    finally:
        stop.set()
        thread.join()
    assert not [one for one in answers if one not in {"bootstrap", "cp1", "cp2"}]
    assert "bootstrap" not in answers[time_of_drain + 2 :]
    assert set(states(balancer)) == {"cp1", "cp2"}
    assert process(balancer) == before


def test_what_leaves_keeps_its_last_session(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    ensure(balancer, replace(api, servers=api.servers[:1]))
    with opened(api.port, "/watch") as watch:
        assert watch.recv(4096)
        changed = ensure(balancer, without(api, "bootstrap"))
        assert changed.what.split(", ")[-1] == "api/bootstrap drains and leaves"
        assert not ensure(balancer, without(api, "bootstrap")).changed
        watch.sendall(b"still here")
    until(lambda: ensure(balancer, without(api, "bootstrap")).changed)
    assert set(states(balancer)) == {"cp1", "cp2"}


def test_a_server_that_is_added_serves_once_it_is_well(
    balancer: HaproxyLoadBalancer, api: Frontend, servers: list[TlsServer]
) -> None:
    servers[2].well = False
    ensure(balancer, without(api, "cp2"))
    before = process(balancer)
    assert ensure(balancer, api) == Change(True, "api/cp2 is added")
    assert states(balancer)["cp2"] is ServerState.DOWN
    assert not ensure(balancer, api).changed
    servers[2].well = True
    until(lambda: states(balancer)["cp2"] is ServerState.UP)
    assert process(balancer) == before


def test_a_closed_door_opens_to_those_in_the_set_alone(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    door = replace(api, sources=())
    ensure(balancer, door)
    before = process(balancer)
    assert refused(api.port, "127.0.0.1")
    assert refused(api.port, "127.0.0.9")
    opened_to = ensure(balancer, replace(door, sources=("127.0.0.9",)))
    assert opened_to == Change(True, "api is open to 127.0.0.9")
    assert fetched(api.port, "127.0.0.9") in {"bootstrap", "cp1", "cp2"}
    assert refused(api.port, "127.0.0.1")
    with opened(api.port, "/watch", "127.0.0.9") as watch:
        assert watch.recv(4096)
        closed = ensure(balancer, door)
        assert closed.what.startswith("api is closed to 127.0.0.9, a session of 127.0.0.9")
        assert ended(watch)
    assert refused(api.port, "127.0.0.9")
    assert process(balancer) == before


def test_another_structure_is_a_reload_that_nobody_notices(
    balancer: HaproxyLoadBalancer, api: Frontend
) -> None:
    ensure(balancer, api)
    before = process(balancer)
    until(lambda: set(states(balancer).values()) == {ServerState.UP})
    other = replace(api, name="ingress", port=free_port())
    with opened(api.port, "/watch") as watch:
        assert watch.recv(4096)
        assert ensure(balancer, other, owner="web") == Change(True, "HAProxy is reloaded")
        assert process(balancer) != before
        assert fetched(api.port)
        assert fetched(other.port)
        watch.settimeout(0.5)
        with pytest.raises(TimeoutError):
            watch.recv(1)
    assert not ensure(balancer, api).changed
    assert not ensure(balancer, other, owner="web").changed
    assert ensure(balancer, owner="web").changed
    assert refused(other.port, "127.0.0.1")


def test_a_server_moves(balancer: HaproxyLoadBalancer, servers: list[TlsServer]) -> None:
    one = Frontend(
        "api", ("127.0.0.1",), free_port(), (Server("a", "127.0.0.1", servers[0].port),), CHECK
    )
    ensure(balancer, one)
    before = process(balancer)
    moved = replace(one, servers=(Server("a", "127.0.0.1", servers[1].port),))
    assert ensure(balancer, moved).what == f"api/a is at 127.0.0.1 port {servers[1].port}"
    until(lambda: states(balancer)["a"] is ServerState.UP)
    assert (fetched(one.port), process(balancer)) == ("cp1", before)
    assert not ensure(balancer, moved).changed


def test_nothing_is_wanted_any_more(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    ensure(balancer, api)
    assert ensure(balancer).changed
    assert refused(api.port, "127.0.0.1")
    assert states(balancer) == {}
    assert not ensure(balancer).changed
    assert ensure(balancer, api).changed
    assert fetched(api.port)


def test_a_door_is_closed_before_a_reload(balancer: HaproxyLoadBalancer, api: Frontend) -> None:
    """And so is one that stood open until then: nothing of it goes on in the old process."""
    ensure(balancer, api)
    closed = replace(api, sources=("127.0.0.9",))
    with opened(api.port, "/watch", "127.0.0.1") as watch:
        assert watch.recv(4096)
        with opened(api.port, "/watch", "127.0.0.9") as other:
            assert other.recv(4096)
            changed = ensure(balancer, closed)
            assert changed.what == ("a session of 127.0.0.1 with api is ended, HAProxy is reloaded")
            assert ended(watch)
            other.settimeout(0.5)
            with pytest.raises(TimeoutError):
                other.recv(1)
    moved = replace(closed, port=free_port(), sources=())
    with opened(api.port, "/watch", "127.0.0.9") as watch:
        assert watch.recv(4096)
        assert ensure(balancer, moved).what.startswith("api is closed to 127.0.0.9")
        assert ended(watch)
    assert refused(moved.port, "127.0.0.9")
