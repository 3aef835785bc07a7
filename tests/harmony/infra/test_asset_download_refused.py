"""Why an asset can't be had: said with its source, and what may be done."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from harmony.infra.asset_folder import AssetFolder
from harmony.infra.errors import (
    AssetMismatchError,
    AssetRefusedError,
    AssetStoreUnusableError,
    AssetUnreachableError,
)
from tests.harmony.infra.downloading import CONTENT, asset, download
from tests.harmony.infra.file_server import Behaviour, FileServer

pytestmark = pytest.mark.protocol

REFUSED = {
    "404": (Behaviour(status=404), AssetRefusedError, "answers 404 Not Found"),
    "403": (Behaviour(status=403), AssetRefusedError, "answers 403 Forbidden"),
    "500": (Behaviour(status=500), AssetUnreachableError, "answers 500 Internal"),
    "429": (Behaviour(status=429), AssetUnreachableError, "answers 429 Too Many"),
    "redirected for ever": (
        Behaviour(status=302, location="/k"),
        AssetRefusedError,
        "maximum allowed redirects",
    ),
    "redirected elsewhere": (
        Behaviour(status=302, location="ftp://127.0.0.1/k"),
        AssetRefusedError,
        "protocol",
    ),
    "silent": (Behaviour(silent=True), AssetUnreachableError, "timed out"),
    "longer than it says": (
        Behaviour(CONTENT, claims=1000),
        AssetMismatchError,
        r"has [0-9a-f]{64} \(1.0 kB\)",
    ),
    "shorter than it says": (
        Behaviour(CONTENT[:1000], claims=2000),
        AssetUnreachableError,
        "incomplete|without sending complete",
    ),
}


@pytest.mark.parametrize("behaviour, error, words", REFUSED.values(), ids=REFUSED)
def test_it_says_why_it_can_not_be_had(
    server: FileServer,
    folder: AssetFolder,
    behaviour: Behaviour,
    error: type[Exception],
    words: str,
) -> None:
    server.files["/k"] = behaviour
    with pytest.raises(error) as raised:
        download(asset(f"{server.url}/k"), folder, stall=0.5)
    assert re.search(words, str(raised.value)), raised.value
    assert f"{server.url}/k" in str(raised.value)


def test_neither_there_nor_reachable_says_where_it_may_be_put(folder: AssetFolder) -> None:
    with pytest.raises(AssetUnreachableError) as raised:
        download(asset("http://127.0.0.1:1/k"), folder)
    assert str(raised.value).startswith(
        "asset kernel is not in the store and can't be had now: http://127.0.0.1:1/k: "
    )
    assert str(raised.value).endswith(f"a file put at {folder.finished(asset())} is taken too")


def test_a_disk_without_room_is_said_before_the_first_byte(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k"] = Behaviour(b"", claims=10**15)
    with pytest.raises(AssetStoreUnusableError, match=r"1000 TB are still to be downloaded, and"):
        download(asset(f"{server.url}/k"), folder)


def test_a_disk_that_is_full_all_the_same(server: FileServer, tmp_path: Path) -> None:
    """The server says no length, so that it is found out in the middle; the room is given back."""
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(("mount", "-t", "tmpfs", "-o", "size=2m", "none", small), check=True)
    try:
        server.files["/k"] = Behaviour(CONTENT, chunked=True)
        with pytest.raises(AssetStoreUnusableError, match="No space left on device"):
            download(asset(f"{server.url}/k"), AssetFolder(small / "assets"))
        assert sum(path.stat().st_size for path in small.rglob("partial/*")) < 1000
    finally:
        subprocess.run(("umount", small), check=True)


def test_what_is_no_folder_is_said(server: FileServer, tmp_path: Path) -> None:
    (tmp_path / "assets").write_text("")
    with pytest.raises(AssetStoreUnusableError):
        download(asset(f"{server.url}/k"), AssetFolder(tmp_path / "assets"))
