"""Against moto's S3 server, in a process of its own."""

from __future__ import annotations

import hashlib
import inspect
import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.exceptions
import pytest

from harmony.domain.asset import Asset, S3Object
from harmony.infra.asset_download import AssetDownload
from harmony.infra.asset_folder import AssetFolder
from harmony.infra.asset_source import Begun, SourceAway, SourceChanged, SourceError, SourceRefused
from harmony.infra.s3_credentials import CredentialsFiles
from harmony.infra.s3_source import ERRORS, S3Source
from tests.harmony.infra.file_server import Behaviour, file_server

pytestmark = pytest.mark.protocol

CONTENT = os.urandom(2_000_000)
CREDENTIALS = "[images]\naws_access_key_id = AKIAHOUSE\naws_secret_access_key = s3cr3t\n"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Its buckets: `images`, read by everybody, with `os/kernel` in it."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    log = (tmp_path_factory.mktemp("moto") / "log").open("wb")
    server = subprocess.Popen(
        (sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)),
        stdout=log,
        stderr=log,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_for(port)
        fill(url)
        yield url
    finally:
        server.terminate()
        server.wait()
        log.close()


def wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("moto's server did not start")


def fill(url: str) -> None:
    client = writer(url)
    client.create_bucket(Bucket="images", ACL="public-read")
    client.put_object(Bucket="images", Key="os/kernel", Body=CONTENT, ACL="public-read")


def writer(url: str) -> Any:
    from botocore.session import Session

    return Session().create_client(
        "s3",
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id="AKIAHOUSE",
        aws_secret_access_key="s3cr3t",
    )


@pytest.fixture
def credentials(tmp_path: Path) -> CredentialsFiles:
    (tmp_path / "credentials").write_text(CREDENTIALS)
    return CredentialsFiles((tmp_path / "credentials",))


@pytest.fixture
def kernel(endpoint: str) -> S3Object:
    return S3Object("s3://images/os/kernel", endpoint=endpoint, credentials="images")


def read(source: S3Source, begun: Begun) -> tuple[int, int | None, bytes]:
    with source.open(begun) as opened:
        return opened.position, opened.size, b"".join(opened.chunks)


def test_whole_and_from_where_it_broke_off(kernel: S3Object, credentials: CredentialsFiles) -> None:
    source = S3Source(kernel, credentials)
    assert source.name == f"s3://images/os/kernel at {kernel.endpoint}"
    with source.open(Begun()) as opened:
        assert b"".join(opened.chunks) == CONTENT
    assert opened.validator
    begun = Begun(1_500_000, source.name, opened.validator, len(CONTENT))
    assert read(source, begun) == (1_500_000, len(CONTENT), CONTENT[1_500_000:])


def test_anonymously(kernel: S3Object, credentials: CredentialsFiles) -> None:
    source = S3Source(replace(kernel, credentials=None), credentials)
    assert read(source, Begun())[2] == CONTENT


def test_the_whole_way_into_the_store(
    kernel: S3Object, credentials: CredentialsFiles, tmp_path: Path
) -> None:
    asset = Asset("kernel", url=kernel, sha256=hashlib.sha256(CONTENT).hexdigest())
    folder = AssetFolder(tmp_path / "assets")
    found = AssetDownload(asset, [S3Source(kernel, credentials)], folder, lambda step: None).run()
    assert Path(found.path).read_bytes() == CONTENT
    kept = "".join(path.read_text() for path in folder.root.glob("verified/*"))
    assert "s3cr3t" not in kept


def test_another_content_is_not_gone_on_with(
    kernel: S3Object, credentials: CredentialsFiles
) -> None:
    source = S3Source(kernel, credentials)
    writer(str(kernel.endpoint)).put_object(
        Bucket="images", Key="changing", Body=b"9876543210", ACL="public-read"
    )
    changing = S3Source(replace(kernel, url="s3://images/changing"), credentials)
    for begun in (
        Begun(4, changing.name, '"of an older one"', 10),
        Begun(4, source.name, "", 11),
        Begun(10, source.name, "", 11),
    ):
        with pytest.raises(SourceChanged):
            read(changing, begun)


REFUSED: dict[str, tuple[dict[str, Any], type[SourceError], str]] = {
    "no such key": ({"url": "s3://images/none"}, SourceRefused, "answers 404 NoSuchKey"),
    "no such bucket": ({"url": "s3://none/none"}, SourceRefused, "answers 404 NoSuchBucket"),
    "no such profile": ({"credentials": "other"}, SourceRefused, "no credentials 'other' in"),
    "no such endpoint": ({"endpoint": "http://127.0.0.1:1"}, SourceAway, "Could not connect"),
    "no endpoint": ({"endpoint": "127.0.0.1"}, SourceRefused, "Invalid endpoint"),
}


@pytest.mark.parametrize("other, error, words", REFUSED.values(), ids=REFUSED)
def test_it_says_why(
    kernel: S3Object,
    credentials: CredentialsFiles,
    other: dict[str, Any],
    error: type[SourceError],
    words: str,
) -> None:
    with pytest.raises(error, match=words):
        read(S3Source(replace(kernel, **other), credentials), Begun())


ANSWERED = {
    "trouble": (Behaviour(status=503), SourceAway),
    "refused": (Behaviour(status=403), SourceRefused),
    "silent": (Behaviour(silent=True), SourceAway),
    "cut": (Behaviour(CONTENT, cuts=[1000]), SourceAway),
}


@pytest.mark.parametrize("behaviour, error", ANSWERED.values(), ids=ANSWERED)
def test_a_store_in_trouble(
    credentials: CredentialsFiles, behaviour: Behaviour, error: type[SourceError]
) -> None:
    with file_server() as server:
        server.files["/images/kernel"] = behaviour
        wanted = S3Object("s3://images/kernel", endpoint=server.url)
        with pytest.raises(error):
            read(S3Source(wanted, credentials, stall=0.5), Begun())


def test_every_error_of_the_library_has_its_own_of_ours() -> None:
    raised = [
        error
        for _, error in inspect.getmembers(botocore.exceptions, inspect.isclass)
        if issubclass(error, botocore.exceptions.BotoCoreError)
    ]
    assert len(raised) > 50
    for error in raised:
        assert any(issubclass(error, theirs) for theirs, _ in ERRORS)
