"""What httpx raises is all mapped; which answers go on. Whole downloads: `test_asset_download.py`."""

from __future__ import annotations

import inspect

import httpx
import pytest

from harmony.infra.asset_source import Begun, SourceChanged, SourceRefused
from harmony.infra.http_source import ERRORS, HttpSource
from tests.harmony.infra.file_server import Behaviour, file_server

pytestmark = pytest.mark.protocol

RAISED = [
    error
    for _, error in inspect.getmembers(httpx, inspect.isclass)
    if issubclass(error, Exception) and issubclass(error, httpx.HTTPError | httpx.InvalidURL)
]


@pytest.mark.parametrize("error", RAISED)
def test_every_error_of_the_library_has_its_own_of_ours(error: type[Exception]) -> None:
    assert next((ours for theirs, ours in ERRORS if issubclass(error, theirs)), None) is not None


@pytest.mark.parametrize(
    "begun",
    [Begun(4, "", "", 9), Begun(4), Begun(20, "", "", 20)],
    ids=["another size", "no size was known", "behind the end"],
)
def test_it_goes_on_only_where_it_fits(begun: Begun) -> None:
    with file_server() as server:
        server.files["/k"] = Behaviour(b"0123456789")
        with pytest.raises(SourceChanged), HttpSource(f"{server.url}/k").open(begun):
            pass


def test_the_rest() -> None:
    with file_server() as server:
        server.files["/k"] = Behaviour(b"0123456789")
        with HttpSource(f"{server.url}/k").open(Begun(4, "", "", 10)) as opened:
            assert (opened.position, opened.size, opened.validator) == (4, 10, '"v1"')
            assert b"".join(opened.chunks) == b"456789"


@pytest.mark.parametrize("url", ["http://[::1", "nothing"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(SourceRefused), HttpSource(url).open(Begun()):
        pass


def test_its_name_has_no_secrets() -> None:
    assert HttpSource("https://me:pw@mirror.example/k?X-Signature=1").name == (
        "https://mirror.example/k"
    )
