"""The capability over real downloads: asked pass by pass, as Maestro does."""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from harmony.domain.asset import Asset, S3Object
from harmony.domain.capability.asset_store import Fetching
from harmony.domain.outcome import Change
from harmony.infra.asset_downloads import AssetDownloads, folder_in, sources_with
from harmony.infra.errors import AssetRefusedError
from harmony.infra.file_source import FileSource
from harmony.infra.http_source import HttpSource
from harmony.infra.s3_credentials import CredentialsFiles
from harmony.infra.s3_source import S3Source
from inventory.contribution import Artifact
from tests.harmony.infra.file_server import Behaviour, FileServer
from tests.namespaces import NetworkNamespace, enter_network_namespace, segment

pytestmark = pytest.mark.protocol

CONTENT = os.urandom(1_000_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SOURCES = sources_with(CredentialsFiles(()))


def passes(store: AssetDownloads, asset: Asset) -> tuple[list[Change], list[Artifact | Fetching]]:
    """Until it is there: what each pass changed and saw. Raises what a pass raises."""
    changes: list[Change] = []
    seen: list[Artifact | Fetching] = []
    while not (seen and isinstance(seen[-1], Artifact)):
        changes.append(asyncio.run(store.ensure_asset(asset)))
        seen.append(asyncio.run(store.observe_asset(asset)))
        time.sleep(0.02)
    return changes, seen


def test_begun_followed_and_then_there(server: FileServer, tmp_path: Path) -> None:
    server.files["/k"] = Behaviour(CONTENT, pause=0.03)
    told: list[Fetching | Artifact] = []
    store = AssetDownloads(folder_in(tmp_path), SOURCES, tell=told.append)
    asset = Asset("kernel", url=f"{server.url}/k", sha256=DIGEST)
    changes, seen = passes(store, asset)
    assert changes[0] == Change(True, "kernel is downloaded")
    percents = [one.percent or 0 for one in seen if isinstance(one, Fetching)]
    assert percents == sorted(percents)
    assert 0 < max(percents) <= 100
    assert any(one.remaining_seconds for one in seen if isinstance(one, Fetching))
    assert told[-1] == seen[-1]
    assert passes(store, asset)[0] == [Change(False, "kernel is in the store")]
    again = AssetDownloads(folder_in(tmp_path), SOURCES, tell=told.append)
    before = len(told)
    assert passes(again, asset) == ([Change(False, "kernel is in the store")], [seen[-1]])
    assert (len(server.asked), len(told)) == (1, before)


def test_what_failed_is_said_until_it_is_time_for_another_try(
    server: FileServer, tmp_path: Path
) -> None:
    now = [0.0]
    store = AssetDownloads(folder_in(tmp_path), SOURCES, clock=lambda: now[0], rest=10.0)
    asset = Asset("kernel", url=f"{server.url}/k", sha256=DIGEST)
    for _ in range(2):
        with pytest.raises(AssetRefusedError, match="404"):
            passes(store, asset)
    assert len(server.asked) == 1
    server.files["/k"] = Behaviour(CONTENT)
    now[0] = 10.0
    assert isinstance(passes(store, asset)[1][-1], Artifact)


def test_what_is_no_error_of_ours_is_told_too(tmp_path: Path) -> None:
    def enter() -> None:
        raise ZeroDivisionError

    store = AssetDownloads(folder_in(tmp_path), SOURCES, enter=enter)
    with pytest.raises(ZeroDivisionError):
        passes(store, Asset("kernel", url="http://127.0.0.1:1/", sha256=DIGEST))


def test_three_at_once(server: FileServer, tmp_path: Path) -> None:
    store = AssetDownloads(folder_in(tmp_path), SOURCES)
    contents = {f"/{at}": os.urandom(300_000) for at in range(5)}
    released = threading.Event()
    server.files |= {path: Behaviour(one, released=released) for path, one in contents.items()}
    assets = [
        Asset(f"a{path}", url=server.url + path, sha256=hashlib.sha256(one).hexdigest())
        for path, one in contents.items()
    ]
    for asset in assets:
        asyncio.run(store.ensure_asset(asset))
    deadline = time.monotonic() + 30
    while len(server.asked) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.5)  # the fourth has the time to be asked for, and isn't while three are held
    assert len(server.asked) == 3
    released.set()
    for asset in assets:
        passes(store, asset)
    assert len(server.asked) == 5


def test_in_another_network(tmp_path: Path) -> None:
    """As a rehearsal does: the lab's own network leads nowhere."""
    (tmp_path / "k").write_bytes(CONTENT)
    with segment() as wire:
        lab = wire.station("eth0", "10.9.0.2/24")
        outside = wire.station("eth0", "10.9.0.1/24")
        outside.start(sys.executable, "-m", "http.server", "--directory", str(tmp_path), "80")
        wait_until_served(lab, "http://10.9.0.1/k")
        entered: list[int] = []

        def enter() -> None:
            enter_network_namespace(lab.pid)
            entered.append(threading.get_ident())

        store = AssetDownloads(folder_in(tmp_path / "cache"), SOURCES, enter=enter)
        asset = Asset("kernel", url="http://10.9.0.1/k", sha256=DIGEST)
        assert isinstance(passes(store, asset)[1][-1], Artifact)
        assert entered != [threading.get_ident()]


def wait_until_served(station: NetworkNamespace, url: str) -> None:
    for _ in range(100):
        if station.attempt("curl", "-sf", "-o", "/dev/null", url).returncode == 0:
            return
        time.sleep(0.1)
    raise AssertionError(f"{url} was never served")


def test_a_command_that_ends_does_not_wait(server: FileServer, tmp_path: Path) -> None:
    server.files["/k"] = Behaviour(CONTENT, silent=True)
    program = f"""
import asyncio
from pathlib import Path
from harmony.domain.asset import Asset
from harmony.infra.asset_downloads import *
from harmony.infra.s3_credentials import CredentialsFiles
store = AssetDownloads(folder_in(Path({str(tmp_path)!r})), sources_with(CredentialsFiles(())))
asset = Asset("kernel", url="{server.url}/k", sha256="{DIGEST}")
asyncio.run(store.ensure_asset(asset))
print(asyncio.run(store.observe_asset(asset)).words)
"""
    done = subprocess.run(
        (sys.executable, "-c", program), capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "kernel\n"


def test_each_kind_of_source() -> None:
    assert isinstance(SOURCES("file:///k"), FileSource)
    assert isinstance(SOURCES("https://mirror.example/k"), HttpSource)
    assert isinstance(SOURCES(S3Object("s3://images/k")), S3Source)
