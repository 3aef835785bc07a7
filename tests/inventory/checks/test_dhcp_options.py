from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "all well": (
        "search=['home.example', 'example'], captive_portal='https://portal.home.example/api', "
        "routes=[Route('10.8.0.0/16', '10.9.0.254')], options=[DhcpOption(150, "
        "addresses=['10.9.0.5']), DhcpOption(252, text='http://10.9.0.5/wpad.dat'), "
        "DhcpOption(116, number=0), DhcpOption(43, hex='01:04:c0000201')]",
        [],
    ),
    "an option with its own word": (
        "options=[DhcpOption(3, addresses=['10.9.0.5'])]",
        ["HP0051 3 | has its own place"],
    ),
    "the server's own": (
        "options=[DhcpOption(code=54, hex='00')]",
        ["HP0051 code=54 | has its own place"],
    ),
    "no option": ("options=[DhcpOption(300, hex='00')]", ["HP0051 300 | not 0 to 255"]),
    "twice": (
        "options=[DhcpOption(150, hex='00000001'), DhcpOption(150, hex='00000002')]",
        ["HP0051 150 | declared twice"],
    ),
    "no value": ("options=[DhcpOption(150)]", ["HP0050 DhcpOption | no value"]),
    "two values": (
        "options=[DhcpOption(150, text='a', hex='00')]",
        ["HP0050 DhcpOption | more than one value"],
    ),
    "empty": ("options=[DhcpOption(150, text='')]", ["HP0050 DhcpOption | 0 bytes"]),
    "too long": ("options=[DhcpOption(150, hex='00' * 1025)]", ["HP0050 DhcpOption | 1025 bytes"]),
    "too large a number": (
        "options=[DhcpOption(116, number=256)]",
        ["HP0050 DhcpOption | 256 is no number of 1 bytes"],
    ),
    "an odd size": (
        "options=[DhcpOption(116, number=1, size=3)]",
        ["HP0050 DhcpOption | 1 is no number of 3 bytes"],
    ),
    "no domain to search": ("search=['Home']", ["HP0010 search=['Home'] | not a domain"]),
    "no URL": ("captive_portal='portal'", ["HP0050 captive_portal='portal' | not a URL"]),
    "a route to no subnet by nobody": (
        "routes=[Route('10.8.0.1/16', 'router')]",
        [
            "HP0021 '10.8.0.1/16' | not address/prefix",
            "HP0014 'router' | not an address",
        ],
    ),
    "a route by somebody elsewhere": (
        "routes=[Route('10.8.0.0/16', gateway='10.8.0.1')]",
        ["HP0024 gateway='10.8.0.1' | not in 10.9.0.0/24"],
    ),
}


@pytest.mark.parametrize(("arguments", "expected"), CASES.values(), ids=CASES)
def test_dhcp_options(arguments: str, expected: list[str]) -> None:
    network = f"Network('a', '10.9.0.0/24', 'eth3', '10.9.0.1', {arguments})"
    assert brief(f"home = site(networks=[{network}])") == expected


@pytest.mark.parametrize("value", ["text='ä'", "addresses=['x']", "hex='0'"])
def test_what_is_no_value(value: str) -> None:
    network = f"Network('a', '10.9.0.0/24', 'eth3', '10.9.0.1', options=[DhcpOption(150, {value})])"
    (found,) = brief(f"home = site(networks=[{network}])")
    assert found.startswith("HP0050 DhcpOption | ")
