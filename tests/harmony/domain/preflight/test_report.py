from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.preflight.finding import Verdict
from harmony.domain.preflight.report import PreflightReport, read_report, report_json
from harmony.domain.preflight.result import Result
from tests.harmony.domain.preflight.results import ERROR, FAILURE, PENDING, SUCCESS, result

pytestmark = pytest.mark.unit

texts = st.text(st.characters(exclude_categories=["Cs"]))
seen = st.dictionaries(
    texts,
    texts | st.integers(-(2**53), 2**53) | st.booleans() | st.none() | st.lists(texts).map(tuple),
)
results = st.builds(
    Result,
    *[texts] * 3,
    st.sampled_from(Verdict),
    texts,
    seen,
    texts,
    st.floats(0, 10),
    st.booleans(),
    texts,
)


@given(st.lists(results))
def test_it_comes_back_as_it_went(kept: list[Result]) -> None:
    report = PreflightReport("home", "site", 5.0, tuple(kept))
    assert read_report(report_json(report)) == report


@given(st.binary())
def test_anything_else_is_none(text: bytes) -> None:
    assert read_report(text) is None


@pytest.mark.parametrize(
    ("one", "passed"),
    [
        (result("ntp", "", SUCCESS), True),
        (result("ntp", "", PENDING), True),
        (result("ntp", "", FAILURE), False),
        (result("ntp", "", ERROR), False),
        (result("ntp", "", FAILURE, waived="Monday"), True),
    ],
)
def test_what_passes(one: Result, passed: bool) -> None:
    assert PreflightReport("home", "site", 5.0, (one,)).passed is passed
