from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.http.byte_range import Part
from provisioner.protocol.http.conditions import Validators
from provisioner.protocol.http.date import http_date
from provisioner.protocol.http.delivery import Delivery, Fields, delivery

pytestmark = pytest.mark.unit

MODIFIED = 1_600_000_000
NOW = 1_700_000_000.0
CURRENT = Validators("tag", MODIFIED)
ETAG = ("ETag", '"tag"')


def described(length: int, modified: float = MODIFIED) -> Fields:
    return (
        ("Content-Type", "application/efi"),
        ("Content-Length", str(length)),
        ("Accept-Ranges", "bytes"),
        ETAG,
        ("Last-Modified", http_date(modified)),
    )


def asked(method: str = "GET", size: int = 100, /, **fields: str) -> Delivery:
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    return delivery(method, named, size, CURRENT, "application/efi", NOW)


WHOLE = Delivery(200, described(100), Part(0, 99, 100))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, WHOLE),
        (
            {"range": "bytes=10-19"},
            Delivery(
                206, (*described(10), ("Content-Range", "bytes 10-19/100")), Part(10, 19, 100)
            ),
        ),
        ({"range": "bytes=10-19", "if_range": '"other"'}, WHOLE),
        ({"range": "bytes=100-", "if_range": '"other"'}, WHOLE),
        ({"range": "bytes=0-1,5-6"}, WHOLE),
        ({"range": "nonsense"}, WHOLE),
        (
            {"range": "bytes=100-"},
            Delivery(416, (ETAG, ("Content-Range", "bytes */100"), ("Content-Length", "0"))),
        ),
        ({"range": "bytes=10-19", "if_none_match": '"tag"'}, Delivery(304, (ETAG,))),
        ({"range": "bytes=100-", "if_match": "x"}, Delivery(412, (ETAG, ("Content-Length", "0")))),
    ],
)
def test_what_is_sent_of_a_file(fields: dict[str, str], expected: Delivery) -> None:
    assert asked(**fields) == expected


def test_head_is_told_of_the_whole() -> None:
    assert asked("HEAD") == WHOLE
    assert asked("HEAD", range="bytes=10-19") == WHOLE  # a Range is a GET's (14.2)
    assert asked("HEAD", if_none_match="*").status == 304


def test_an_empty_file_is_sent_whole() -> None:
    assert asked("GET", 0).status == 200
    assert asked("GET", 0, range="bytes=0-").status == 416
    assert dict(asked("GET", 0).fields)["Content-Length"] == "0"


def test_nothing_was_modified_in_the_future() -> None:
    current = Validators("tag", int(NOW) + 1000)
    sent = delivery("GET", {}, 100, current, "application/efi", NOW)
    assert sent.fields == described(100, NOW)


@given(
    st.sampled_from(["GET", "HEAD"]),
    st.integers(0, 50),
    st.text("0123456789-", max_size=6),
    st.sampled_from(['"tag"', '"x"', "*", http_date(MODIFIED), http_date(0), "x"]),
    st.sampled_from(["if-match", "if-none-match", "if-range", "if-modified-since", "x"]),
)
def test_lengths_fit_what_is_sent(
    method: str, size: int, asked_range: str, value: str, name: str
) -> None:
    sent = delivery(method, {"range": f"bytes={asked_range}", name: value}, size, CURRENT, "x", NOW)
    assert sent.status in (200, 206, 304, 412, 416)
    assert (sent.part is not None) == (sent.status in (200, 206))
    if sent.part is not None:
        assert dict(sent.fields)["Content-Length"] == str(sent.part.length)
        assert 0 <= sent.part.first <= sent.part.last + 1 <= size
