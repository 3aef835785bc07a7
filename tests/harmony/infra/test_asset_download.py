"""One asset from real servers that break off, lie, forget and fail."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from harmony.infra.asset_download import Step
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.errors import (
    AssetMismatchError,
    AssetUnreachableError,
)
from inventory.contribution import Artifact
from tests.harmony.infra.downloading import CONTENT, DIGEST, OTHER, asset, download
from tests.harmony.infra.file_server import Behaviour, FileServer

pytestmark = pytest.mark.protocol


def left(folder: AssetFolder) -> list[str]:
    """What lies in the folder, beside locks."""
    found = (path.relative_to(folder.root) for path in folder.root.rglob("*") if path.is_file())
    return sorted(
        str(path.parent / path.suffix) for path in found if path.parts[0] not in ("locks",)
    )


def test_it_is_kept_under_its_digest_for_everybody_to_read(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k"] = Behaviour(CONTENT)
    told: list[Step] = []
    before = os.umask(0o077)
    try:
        found = download(asset(f"{server.url}/k"), folder, told=told)
    finally:
        os.umask(before)
    path = folder.root / "finished" / DIGEST
    assert found == Artifact("kernel", DIGEST, len(CONTENT), str(path))
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.parent.stat().st_mode & 0o777 == 0o755
    assert told[0] == Step(0, len(CONTENT))
    size = len(CONTENT)
    assert told[-2:] == [Step(size, size), Step(size, size, verifying=True)]
    assert left(folder) == ["finished", "verified"]


def test_what_is_there_is_not_asked_for_again(server: FileServer, folder: AssetFolder) -> None:
    server.files["/k"] = Behaviour(CONTENT)
    first = download(asset(f"{server.url}/k"), folder)
    assert download(asset(f"{server.url}/k"), folder) == first
    assert len(server.asked) == 1


def test_cut_in_the_middle_it_goes_on_at_once_while_it_gets_further(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k"] = Behaviour(CONTENT, cuts=[1_100_000, 1_200_000])
    download(asset(f"{server.url}/k"), folder)
    assert server.asked == [
        ("/k", "", ""),
        ("/k", "bytes=1100000-", '"v1"'),
        ("/k", "bytes=2300000-", '"v1"'),
    ]


def test_cut_soon_the_next_try_goes_on(server: FileServer, folder: AssetFolder) -> None:
    server.files["/k"] = Behaviour(CONTENT, cuts=[1000, 1000])
    for position in (1000, 2000):
        with pytest.raises(AssetUnreachableError, match="can't be had now"):
            download(asset(f"{server.url}/k"), folder)
        assert folder.partial(asset("")).stat().st_size == position
    assert download(asset(f"{server.url}/k"), folder).size == len(CONTENT)
    assert server.asked[-1] == ("/k", "bytes=2000-", '"v1"')


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(CONTENT, ranges=False),
        Behaviour(CONTENT, etag='"v2"'),
        Behaviour(CONTENT, etag=""),
        Behaviour(CONTENT, chunked=True),
        Behaviour(CONTENT + b"more", etag=""),
    ],
    ids=["ignores ranges", "another tag", "no tag", "no length", "longer"],
)
def test_what_broke_off_ends_right_whatever_the_server_has_become(
    server: FileServer, folder: AssetFolder, behaviour: Behaviour
) -> None:
    server.files["/k"] = Behaviour(CONTENT, cuts=[1000])
    wanted = asset(f"{server.url}/k", sha256=hashlib.sha256(behaviour.content).hexdigest())
    with pytest.raises(AssetUnreachableError):
        download(wanted, folder)
    server.files["/k"] = behaviour
    found = download(wanted, folder)
    assert Path(found.path).read_bytes() == behaviour.content


def test_a_file_that_changed_meanwhile_is_fetched_in_one_piece(
    server: FileServer, folder: AssetFolder
) -> None:
    """As long as before and without a validator: only the digest can tell."""
    server.files["/k"] = Behaviour(OTHER, etag="", cuts=[1000])
    with pytest.raises(AssetUnreachableError):
        download(asset(f"{server.url}/k"), folder)
    server.files["/k"] = Behaviour(CONTENT, etag="")
    download(asset(f"{server.url}/k"), folder)
    assert [part for _, part, _ in server.asked] == ["", "bytes=1000-", ""]


def test_a_wrong_digest_says_which_and_whence_and_leaves_nothing(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k?sig=secret"] = Behaviour(OTHER)
    with pytest.raises(AssetMismatchError) as refused:
        download(asset(f"{server.url}/k?sig=secret"), folder)
    got = hashlib.sha256(OTHER).hexdigest()
    assert str(refused.value) == (
        f"asset kernel must have the sha256 {DIGEST}, but {server.url}/k has {got} (3.0 MB):"
        " it was thrown away"
    )
    assert left(folder) == []


def test_the_next_mirror_helps(server: FileServer, folder: AssetFolder) -> None:
    server.files |= {
        "/wrong": Behaviour(OTHER),
        "/away": Behaviour(status=503),
        "/cut": Behaviour(CONTENT, etag='"a"', cuts=[1000]),
        "/right": Behaviour(CONTENT, etag='"b"'),
    }
    urls = [f"{server.url}/{name}" for name in ("wrong", "none", "away", "cut", "right")]
    download(asset("http://127.0.0.1:1/k", *urls), folder)
    assert server.asked[-1] == ("/right", "bytes=1000-", "")


def test_a_redirect_is_followed(server: FileServer, folder: AssetFolder) -> None:
    server.files["/latest"] = Behaviour(status=302, location="/k")
    server.files["/k"] = Behaviour(CONTENT)
    assert download(asset(f"{server.url}/latest"), folder).size == len(CONTENT)


def test_a_slow_server_is_waited_for_while_it_sends(
    server: FileServer, folder: AssetFolder
) -> None:
    server.files["/k"] = Behaviour(CONTENT[:400_000], pause=0.2)
    digest = hashlib.sha256(CONTENT[:400_000]).hexdigest()
    assert download(asset(f"{server.url}/k", sha256=digest), folder, stall=1.0).size == 400_000
