from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.http.date import http_date, seconds_of

pytestmark = pytest.mark.unit

NOW = 1_700_000_000.0
AT = 784_111_777  # the example of RFC 9110, 5.6.7


@given(st.integers(0, 250_000_000_000) | st.floats(0, 2e11))
def test_a_date_is_written_as_the_standard_library_writes_it(seconds: float) -> None:
    written = http_date(seconds)
    assert written == formatdate(int(seconds), usegmt=True)
    assert seconds_of(written, NOW) == int(seconds)
    assert parsedate_to_datetime(written).timestamp() == int(seconds)


@pytest.mark.parametrize(
    "written",
    [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ],
)
def test_three_forms_are_read(written: str) -> None:
    assert seconds_of(written, NOW) == AT


def test_a_year_of_two_digits_is_near() -> None:
    in_2024 = seconds_of("Saturday, 06-Jan-24 00:00:00 GMT", NOW)
    assert in_2024 == seconds_of("Sat, 06 Jan 2024 00:00:00 GMT", NOW)
    in_1974 = seconds_of("Sunday, 06-Jan-74 00:00:00 GMT", NOW)
    assert in_1974 == seconds_of("Sun, 06 Jan 1974 00:00:00 GMT", NOW)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "1699999999",
        "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Now 1994 08:49:37 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 0000 08:49:37 GMT",
        "Sun Nov 66 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 GMT, Mon, 07 Nov 1994 08:49:37 GMT",
    ],
)
def test_what_is_no_date(written: str) -> None:
    assert seconds_of(written, NOW) is None


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_none(written: str) -> None:
    seconds_of(written, NOW)
