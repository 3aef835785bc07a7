from __future__ import annotations

import pytest

from tests.inventory.written import brief, told

pytestmark = pytest.mark.unit

GOOD = {
    "address": "'10.7.0.53'",
    "zones": "['home.example', '7.10.in-addr.arpa']",
    "key": "'dns/home'",
}


@pytest.mark.parametrize(
    ("argument", "written", "label"),
    [
        ("port", "5353", ""),
        ("zones", "('home.example',)", ""),
        ("address", "'dns.example'", "HP0014 {} | not an address"),
        ("address", "'10.7.0.053'", "HP0014 {} | not an address"),
        ("port", "0", "HP0018 {} | not 1 to 65535"),
        ("port", "65536", "HP0018 {} | not 1 to 65535"),
        ("zones", "['home.example.']", "HP0010 {} | not a name"),
        ("zones", "['Home.example']", "HP0010 {} | not a name"),
        ("zones", "['home.example', 'home.example']", "HP0011 {} | named again"),
        ("zones", "[]", "HP0010 {} | none"),
    ],
)
def test_name_servers(argument: str, written: str, label: str) -> None:
    arguments = ", ".join(f"{name}={value}" for name, value in (GOOD | {argument: written}).items())
    expected = [label.format(f"{argument}={written}")] if label else []
    site = f"home = Site('home', [lan], [], name_server=NameServer({arguments}))"
    assert brief(site) == expected


def test_none_is_none_too_few() -> None:
    assert brief("home = Site('home', [lan], [])") == []


def test_what_a_zone_of_addresses_is_called_is_said() -> None:
    site = "home = Site('home', [lan], [], name_server=NameServer('10.7.0.53', ['10.7.0.0/16'], 'dns'))"
    assert "7.10.in-addr.arpa for the addresses of 10.7.0.0/16" in told(site)
