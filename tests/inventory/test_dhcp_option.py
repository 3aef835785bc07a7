from __future__ import annotations

import pytest

from inventory import DhcpOption

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (DhcpOption(252, text="http://10.7.0.5/wpad.dat"), b"http://10.7.0.5/wpad.dat"),
        (DhcpOption(150, addresses=["10.7.0.5", "10.7.0.6"]), b"\x0a\7\0\5\x0a\7\0\6"),
        (DhcpOption(116, number=1), b"\1"),
        (DhcpOption(22, number=1500, size=2), b"\x05\xdc"),
        (DhcpOption(2, number=3600, size=4), b"\0\0\x0e\x10"),
        (DhcpOption(43, hex="01:04:c0000201"), b"\1\4\xc0\0\2\1"),
    ],
)
def test_a_value_on_the_wire(option: DhcpOption, value: bytes) -> None:
    assert (option.value, option.values) == (value, 1)


@pytest.mark.parametrize(
    "option",
    [
        DhcpOption(150, text="ä"),
        DhcpOption(150, addresses=["router"]),
        DhcpOption(150, number=-1),
        DhcpOption(150, number=1, size=8),
        DhcpOption(150, hex="x"),
    ],
)
def test_no_value(option: DhcpOption) -> None:
    with pytest.raises(ValueError, match=r"."):
        _ = option.value
