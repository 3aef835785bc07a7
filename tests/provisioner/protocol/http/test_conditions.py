"""RFC 9110, 13: what a client knows of a file, and whether that still holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.http.conditions import Validators, Verdict, range_applies, verdict
from provisioner.protocol.http.date import http_date

pytestmark = pytest.mark.unit

MODIFIED = 1_600_000_000
NOW = 1_700_000_000.0
CURRENT = Validators("tag", MODIFIED)
BEFORE, THEN, AFTER = (http_date(MODIFIED + each) for each in (-1, 0, 1))
GO_ON, SAME, FAILED = Verdict.GO_ON, Verdict.NOT_MODIFIED, Verdict.FAILED


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, GO_ON),
        ({"if-none-match": '"tag"'}, SAME),
        ({"if-none-match": 'W/"tag"'}, SAME),
        ({"if-none-match": '"other", "tag"'}, SAME),
        ({"if-none-match": ', "other" ,, W/"tag",'}, SAME),
        ({"if-none-match": "*"}, SAME),
        ({"if-none-match": '"other"'}, GO_ON),
        ({"if-none-match": '"ta,g"'}, GO_ON),
        ({"if-none-match": "tag"}, GO_ON),
        ({"if-none-match": '"tag'}, GO_ON),
        ({"if-none-match": ""}, GO_ON),
        ({"if-modified-since": THEN}, SAME),
        ({"if-modified-since": AFTER}, SAME),
        ({"if-modified-since": BEFORE}, GO_ON),
        ({"if-modified-since": "nonsense"}, GO_ON),
        ({"if-match": '"tag"'}, GO_ON),
        ({"if-match": "*"}, GO_ON),
        ({"if-match": '"other", "tag"'}, GO_ON),
        ({"if-match": 'W/"tag"'}, FAILED),
        ({"if-match": '"other"'}, FAILED),
        ({"if-match": "nonsense"}, FAILED),
        ({"if-unmodified-since": THEN}, GO_ON),
        ({"if-unmodified-since": AFTER}, GO_ON),
        ({"if-unmodified-since": BEFORE}, FAILED),
        ({"if-unmodified-since": "nonsense"}, GO_ON),
        # The order of 13.2.2: tags before dates, requirements before what is known.
        ({"if-match": '"tag"', "if-unmodified-since": BEFORE}, GO_ON),
        ({"if-match": '"other"', "if-none-match": '"tag"'}, FAILED),
        ({"if-match": '"tag"', "if-none-match": '"tag"'}, SAME),
        ({"if-unmodified-since": BEFORE, "if-none-match": '"tag"'}, FAILED),
        ({"if-none-match": '"other"', "if-modified-since": AFTER}, GO_ON),
        ({"if-none-match": '"tag"', "if-modified-since": BEFORE}, SAME),
    ],
)
def test_the_verdict(fields: dict[str, str], expected: Verdict) -> None:
    assert verdict("GET", fields, CURRENT, NOW) is expected
    assert verdict("HEAD", fields, CURRENT, NOW) is expected


def test_what_writes_fails_where_what_reads_is_told_that_nothing_changed() -> None:
    assert verdict("POST", {"if-none-match": "*"}, CURRENT, NOW) is FAILED
    assert verdict("POST", {"if-modified-since": AFTER}, CURRENT, NOW) is GO_ON


@pytest.mark.parametrize(
    ("known", "applies"),
    [
        ('"tag"', True),
        ('W/"tag"', False),
        ('"other"', False),
        ('"tag", "tag"', False),
        (THEN, True),
        (BEFORE, False),
        (AFTER, False),  # not the same, though not before
        ("nonsense", False),
        ("", False),
    ],
)
def test_whether_a_part_fits_what_the_client_has(known: str, applies: bool) -> None:
    assert range_applies({"if-range": known}, CURRENT, NOW) is applies


def test_a_part_fits_whoever_does_not_ask() -> None:
    assert range_applies({}, CURRENT, NOW)


def test_a_date_says_nothing_of_a_file_that_may_still_change_within_its_second() -> None:
    assert not range_applies({"if-range": THEN}, CURRENT, MODIFIED + 0.9)
    assert range_applies({"if-range": THEN}, CURRENT, MODIFIED + 1.0)


tags = st.text("ab,W/ ", max_size=3)


@given(tags, st.lists(st.tuples(st.booleans(), tags), min_size=1, max_size=4))
def test_a_tag_is_found_in_a_list(tag: str, listed: list[tuple[bool, str]]) -> None:
    current = Validators(tag, MODIFIED)
    listed = [(weak, one.replace(" ", "")) for weak, one in listed]
    written = ", ".join(f'{"W/" * weak}"{one}"' for weak, one in listed)
    known = verdict("GET", {"if-none-match": written}, current, NOW)
    assert (known is SAME) == (tag in [one for _, one in listed])
    required = verdict("GET", {"if-match": written}, current, NOW)
    assert (required is GO_ON) == (tag in [one for weak, one in listed if not weak])


fields = st.dictionaries(
    st.sampled_from(
        ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "if-range"]
    ),
    st.sampled_from(["*", '"tag"', BEFORE, THEN, AFTER]) | st.text(max_size=20),
)


@given(st.sampled_from(["GET", "HEAD", "POST"]), fields)
def test_whatever_is_written_there_is_a_verdict(method: str, written: dict[str, str]) -> None:
    verdict(method, written, CURRENT, NOW)
    range_applies(written, CURRENT, NOW)
