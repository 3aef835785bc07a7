"""What is there already: found without a network, put there by hand, left by a process that was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from harmony.infra.asset_download import Step
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.errors import AssetUnreachableError
from tests.harmony.infra.downloading import CONTENT, DIGEST, OTHER, asset, download
from tests.harmony.infra.file_server import Behaviour, FileServer
from tests.namespaces import NetworkNamespace

pytestmark = pytest.mark.protocol

_PROGRAM = """
import sys
from pathlib import Path
from harmony.domain.asset import Asset
from harmony.infra.asset_download import AssetDownload
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.http_source import HttpSource
root, url, digest = sys.argv[1:]
wanted = Asset("kernel", url=url, sha256=digest)
done = AssetDownload(wanted, [HttpSource(url)], AssetFolder(Path(root)), lambda step: None)
print(done.run().sha256)
"""


def killed_downloads(folder: AssetFolder, url: str, times: Sequence[float]) -> list[int]:
    """How much is there after each process that was killed so many seconds after its first byte."""
    sizes: list[int] = []
    partial = folder.partial(asset())
    for pause in times:
        before = partial.stat().st_size if partial.exists() else 0
        child = subprocess.Popen(
            (sys.executable, "-c", _PROGRAM, str(folder.root), url, DIGEST),
            stdout=subprocess.DEVNULL,
        )
        while child.poll() is None and (not partial.exists() or partial.stat().st_size <= before):
            time.sleep(0.01)
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        child.wait()
        sizes.append(partial.stat().st_size)
    return sizes


def test_killed_again_and_again_it_goes_on(server: FileServer, folder: AssetFolder) -> None:
    server.files["/k"] = Behaviour(CONTENT, pause=0.05)
    sizes = killed_downloads(folder, f"{server.url}/k", (0.1, 0.3, 0.2))
    assert sizes == sorted(set(sizes)), "each got further"
    server.files["/k"].pause = 0
    download(asset(f"{server.url}/k"), folder)
    assert [part for _, part, _ in server.asked] == ["", *(f"bytes={size}-" for size in sizes)]
    assert {condition for _, _, condition in server.asked[1:]} == {'"v1"'}


def test_without_any_network_what_is_there_is_found(tmp_path: Path, server: FileServer) -> None:
    """In a namespace that has nothing but loopback, and strace sees that not even that is used."""
    folder = AssetFolder(tmp_path / "assets")
    server.files["/k"] = Behaviour(CONTENT)
    url = f"{server.url}/k"
    download(asset(url), folder)
    with NetworkNamespace() as cut_off:
        trace = tmp_path / "trace"
        traced = ("strace", "-f", "-e", "trace=socket,connect", "-o", str(trace))
        done = cut_off.run(*traced, sys.executable, "-c", _PROGRAM, str(folder.root), url, DIGEST)
        assert (done.returncode, done.stdout) == (0, f"{DIGEST}\n"), done.stderr
        assert "socket(" not in trace.read_text()


def test_a_file_put_there_by_hand_is_taken_once_it_is_verified(folder: AssetFolder) -> None:
    nowhere = asset("http://127.0.0.1:1/k")
    folder.finished(nowhere).parent.mkdir(parents=True)
    folder.finished(nowhere).write_bytes(CONTENT)
    assert folder.find(nowhere) is None
    assert download(nowhere, folder).size == len(CONTENT)
    assert folder.find(nowhere) is not None


def test_a_wrong_file_put_there_by_hand_is_set_aside(folder: AssetFolder) -> None:
    nowhere = asset("http://127.0.0.1:1/k")
    folder.finished(nowhere).parent.mkdir(parents=True)
    folder.finished(nowhere).write_bytes(OTHER)
    with pytest.raises(AssetUnreachableError):
        download(nowhere, folder)
    assert folder.finished(nowhere).exists(), "somebody may still be copying it"
    assert folder.find(nowhere) is None
    os.utime(folder.finished(nowhere), (1.0, 1.0))
    with pytest.raises(AssetUnreachableError):
        download(nowhere, folder)
    assert (folder.root / "refused" / DIGEST).read_bytes() == OTHER
    assert not folder.finished(nowhere).exists()


def test_a_file_that_somebody_has_changed_is_fetched_anew(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k"] = Behaviour(CONTENT)
    wanted = asset(f"{server.url}/k")
    download(wanted, folder)
    with folder.finished(wanted).open("r+b") as file:
        file.write(b"x")
    assert Path(download(wanted, folder).path).read_bytes() == CONTENT
    assert len(server.asked) == 2


def test_all_of_it_without_its_name_is_only_verified(
    server: FileServer, folder: AssetFolder
) -> None:
    """Killed between the last byte and the rename."""
    server.files["/k"] = Behaviour(CONTENT, cuts=[1000])
    wanted = asset(f"{server.url}/k")
    with pytest.raises(AssetUnreachableError):
        download(wanted, folder)
    folder.partial(wanted).write_bytes(CONTENT)
    download(wanted, folder)
    assert len(server.asked) == 1


def test_one_at_a_time(server: FileServer, folder: AssetFolder) -> None:
    server.files["/k"] = Behaviour(CONTENT, pause=0.02)
    wanted = asset(f"{server.url}/k")
    told: list[Step] = []
    first = threading.Thread(target=download, args=(wanted, folder))
    first.start()
    while not server.asked:
        time.sleep(0.01)
    download(wanted, folder, told=told)
    first.join()
    assert len(server.asked) == 1
    assert told, "who waits sees how far the other one is"


@pytest.mark.parametrize(
    "note", [b"", b"{", b"[]", b'{"position":"x"}', b'{"validator":5,"size":[]}', b"\xff"]
)
def test_a_note_that_is_damaged_only_costs_the_beginning(
    server: FileServer, folder: AssetFolder, note: bytes
) -> None:
    server.files["/k"] = Behaviour(CONTENT, cuts=[1000])
    wanted = asset(f"{server.url}/k")
    with pytest.raises(AssetUnreachableError):
        download(wanted, folder)
    (folder.root / "partial" / f"{DIGEST}.from").write_bytes(note)
    assert download(wanted, folder).size == len(CONTENT)
    assert server.asked[-1] == ("/k", "", "")
