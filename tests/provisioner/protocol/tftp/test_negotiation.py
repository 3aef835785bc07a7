from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.tftp.negotiation import largest_block, negotiate
from provisioner.protocol.tftp.packet import Options
from provisioner.protocol.tftp.terms import Terms

pytestmark = pytest.mark.unit

SIZE, LARGEST = 173_792, 1468


@pytest.mark.parametrize(
    ("asked", "terms"),
    [
        ((), Terms()),
        ((("tsize", "0"),), Terms((("tsize", "173792"),))),
        ((("blksize", "1432"),), Terms((("blksize", "1432"),), block_size=1432)),
        ((("blksize", "65464"),), Terms((("blksize", "1468"),), block_size=1468)),
        ((("timeout", "5"),), Terms((("timeout", "5"),), timeout=5)),
        ((("windowsize", "4"),), Terms((("windowsize", "4"),), window=4)),
        ((("windowsize", "65535"),), Terms((("windowsize", "64"),), window=64)),
        (
            (("tsize", "0"), ("blksize", "512"), ("tsize", "9"), ("multicast", "")),
            Terms((("tsize", "173792"), ("blksize", "512"))),
        ),
    ],
)
def test_what_is_granted(asked: Options, terms: Terms) -> None:
    assert negotiate(asked, SIZE, LARGEST) == terms


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("blksize", "7"),
        ("blksize", "65465"),
        ("blksize", "-512"),
        ("blksize", "５１２"),  # noqa: RUF001  digits, but not the RFC's
        ("blksize", "9" * 21),
        ("timeout", "0"),
        ("timeout", "11"),
        ("timeout", "255"),
        ("timeout", "256"),
        ("windowsize", "0"),
        ("tsize", "much"),
        ("rollover", "0"),
    ],
)
def test_what_is_passed_over(name: str, value: str) -> None:
    assert negotiate(((name, value),), SIZE, LARGEST) == Terms()


@given(
    st.lists(st.tuples(st.sampled_from(["blksize", "tsize", "timeout", "windowsize"]), st.text()))
)
def test_no_wish_raises_or_leaves_the_range(asked: list[tuple[str, str]]) -> None:
    terms = negotiate(tuple(asked), SIZE, LARGEST)
    assert 8 <= terms.block_size <= LARGEST
    assert 1 <= terms.window <= 64


@pytest.mark.parametrize(
    ("mtu", "bytes_"), [(1500, 1468), (9000, 8968), (65_536, 65_464), (1280, 1248), (0, 8)]
)
def test_a_block_fits_the_path(mtu: int, bytes_: int) -> None:
    assert largest_block(mtu) == bytes_
