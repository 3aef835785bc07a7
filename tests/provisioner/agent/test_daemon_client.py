"""The agent's HTTP against a peer by hand, on loopback."""

from __future__ import annotations

import json
import random
import socket
from contextlib import ExitStack

import pytest

from provisioner.agent.daemon_client import DaemonClient
from provisioner.agent.errors import DaemonRefused, DaemonUnreachable
from tests.provisioner.agent.daemon_peer import TOKEN, DaemonPeer, serving

pytestmark = pytest.mark.protocol

IMAGE = random.Random(5).randbytes(3 << 20)


def client(peer: DaemonPeer, token: str = TOKEN) -> DaemonClient:
    url = f"http://127.0.0.1:{peer.port}"
    return DaemonClient(url, token, rest=lambda _seconds: None, say=lambda _text: None)


def test_requests_carry_the_token_and_answers_a_date() -> None:
    with serving(DaemonPeer({})) as peer:
        answer = client(peer).post("/agent/report", b'{"a": 1}')
        assert [heard.body for heard in peer.heard] == [{"a": 1}]
        assert answer.date.endswith("GMT")
        assert "server_time" in json.loads(answer.body)
        assert json.loads(client(peer).get("/agent/order").body)["kind"] == "wait"


def test_a_wrong_token_is_refused() -> None:
    with serving(DaemonPeer({})) as peer, pytest.raises(DaemonRefused) as refusal:
        client(peer, "wrong").get("/agent/order")
    assert refusal.value.status == 401


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    gone = DaemonClient(f"http://127.0.0.1:{port}", TOKEN, rest=lambda _seconds: None)
    with pytest.raises(DaemonUnreachable):
        gone.get("/agent/order")
    with pytest.raises(DaemonUnreachable):
        gone.post("/agent/report", b"{}")


def test_what_belongs_to_an_order_is_asked_for_until_the_daemon_is_back() -> None:
    """An hour later, in a test's seconds; what is waited for is said once."""
    with serving(DaemonPeer({"/ignition/secret": b"{}", "/image": IMAGE})) as peer:
        port = peer.port
    said: list[str] = []
    rests = 0
    back = ExitStack()

    def rest(_seconds: float) -> None:
        nonlocal rests
        rests += 1
        if rests % 3600 == 0:
            back.enter_context(serving(peer, port))

    patient = DaemonClient(f"http://127.0.0.1:{port}", TOKEN, rest, said.append)
    with back:
        assert patient.fetch(f"{patient.url}/ignition/secret") == b"{}"
    with back, patient.download(f"{patient.url}/image") as download:
        assert download.read_exactly(len(IMAGE)) == IMAGE
    with back:
        patient.insist("/agent/begun", b"{}")
    assert rests == 3 * 3600
    refused = "ConnectionRefusedError(111, 'Connection refused')"
    assert said == [
        f"asking again until there is an answer: {asked}: {refused}"
        for asked in (
            f"GET http://127.0.0.1:{port}/ignition/…",
            f"GET http://127.0.0.1:{port}/image",
            f"POST http://127.0.0.1:{port}/agent/…",
        )
    ]


def test_a_document_that_is_not_ready_yet_is_asked_for_again() -> None:
    with serving(DaemonPeer({"/ignition": b"{}"}, busy=3)) as peer:
        assert client(peer).fetch(f"http://127.0.0.1:{peer.port}/ignition") == b"{}"


def test_a_refusal_does_not_tell_the_token_in_the_url() -> None:
    with serving(DaemonPeer({})) as peer, pytest.raises(DaemonRefused) as refusal:
        client(peer).fetch(f"http://127.0.0.1:{peer.port}/ignition/secret?x=secret")
    said = f"404 GET http://127.0.0.1:{peer.port}/ignition/…: "
    assert str(refusal.value).startswith(said)
    assert "secret" not in str(refusal.value)


def test_a_url_that_is_none_is_not_quoted_either() -> None:
    with pytest.raises(DaemonUnreachable, match="InvalidURL") as unreachable:
        DaemonClient("http://127.0.0.1:1", TOKEN).get("/ignition/sec ret")
    assert "sec" not in str(unreachable.value)


@pytest.mark.parametrize("break_after", [None, 0, 1, 1_500_000])
def test_a_download_goes_on_where_its_connection_broke(break_after: int | None) -> None:
    with serving(DaemonPeer({"/image": IMAGE}, break_after=break_after)) as peer:
        url = f"http://127.0.0.1:{peer.port}/image"
        with client(peer).download(url) as download:
            parts = [download.read_exactly(length) for length in (1, 700_000, 2_000_000)]
            parts.append(download.read_exactly(len(IMAGE) - 2_700_001))
    assert b"".join(parts) == IMAGE


def test_a_server_that_can_not_go_on_in_the_middle() -> None:
    peer = DaemonPeer({"/image": IMAGE}, break_after=1000, knows_ranges=False)
    with (
        serving(peer),
        client(peer).download(f"http://127.0.0.1:{peer.port}/image") as download,
        pytest.raises(DaemonRefused, match="middle"),
    ):
        download.read_exactly(2000)


def test_a_file_that_is_shorter_than_it_should_be() -> None:
    with (
        serving(DaemonPeer({"/image": IMAGE})) as peer,
        client(peer).download(f"http://127.0.0.1:{peer.port}/image") as download,
        pytest.raises(DaemonRefused),
    ):
        download.read_exactly(len(IMAGE) + 1)
