from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.http.response import response_head

pytestmark = pytest.mark.unit

DATE = "Thu, 01 Jan 1970 00:00:00 GMT"


@pytest.mark.parametrize(
    ("keeps_alive", "modern", "connection"),
    [
        (True, True, b""),
        (False, True, b"Connection: close\r\n"),
        (False, False, b"Connection: close\r\n"),
        (True, False, b"Connection: keep-alive\r\n"),
    ],
)
def test_a_whole_head(keeps_alive: bool, modern: bool, connection: bytes) -> None:
    head = response_head(
        206, DATE, (("Content-Length", "3"),), keeps_alive=keeps_alive, modern=modern
    )
    assert head == (
        b"HTTP/1.1 206 Partial Content\r\n"
        b"Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        b"Content-Length: 3\r\n" + connection + b"\r\n"
    )


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\r\nSet-Cookie: b", "\r\n"])
def test_no_value_becomes_a_field_of_its_own(value: str) -> None:
    for field in (("X", value), (value, "X")):
        with pytest.raises(ValueError, match="several lines"):
            response_head(200, DATE, (field,))


@given(
    st.sampled_from([200, 206, 304, 400, 404, 405, 412, 413, 416, 431, 500, 501, 503, 505]),
    st.lists(st.tuples(st.just("X-Y"), st.text("ab c:", max_size=9).map(str.strip)), max_size=3),
)
def test_an_independent_client_reads_it(status: int, fields: list[tuple[str, str]]) -> None:
    client = h11.Connection(h11.CLIENT)
    client.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    client.send(h11.EndOfMessage())
    client.receive_data(response_head(status, DATE, fields))
    response = client.next_event()
    assert isinstance(response, h11.Response)
    assert response.status_code == status
    read = [(name.decode(), value.decode()) for name, value in response.headers]
    assert read == [("date", DATE), *((name.lower(), value) for name, value in fields)]
