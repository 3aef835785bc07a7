from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit

CASES: dict[str, tuple[str, list[str]]] = {
    "space and capitals": (
        'home = site(Host("CP 1", serial="S"))',
        ['HP0010 "CP 1" | not a DNS label'],
    ),
    "empty": ('home = site(Host("", serial="S"))', ['HP0010 "" | not a DNS label']),
    "left out": ('home = site(Host(serial="S"))', ["HP0008 Host | needs name"]),
    "site": ('home = Site("My home", [lan], [])', ['HP0010 "My home" | not a DNS label']),
    "domain": (
        'home = site(domain="home..example")',
        # The site is made in the preamble's function: that is the innermost call of the file.
        ["HP0010 Site | not a domain"],
    ),
    "two hosts": (
        'home = site(Host("a", serial="S"), Host("a", serial="T"))',
        ['HP0011 "a" | named so before'],
    ),
    "two networks": (
        'home = site(networks=[lan, Network("lan", "10.9.0.0/24", "eth3", "10.9.0.1")])',
        ['HP0011 "lan" | named so before'],
    ),
    "two switches": (
        'home = site(switches=[Switch("tor"), Switch(name="tor")])',
        ['HP0011 name="tor" | named so before'],
    ),
    "a host and a network": ('home = site(Host("lan", serial="S"))', []),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_names(source: str, expected: list[str]) -> None:
    assert brief(source) == expected
