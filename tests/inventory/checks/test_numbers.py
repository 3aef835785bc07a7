from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("argument", ["http_port", "https_port"])
@pytest.mark.parametrize("port", [0, 65536])
def test_ports(argument: str, port: int) -> None:
    source = f'home = Site("home", [lan], [], {argument}={port})'
    assert brief(source) == [f"HP0018 {argument}={port} | not 1 to 65535"]


def test_one_port_for_both() -> None:
    source = 'home = Site("home", [lan], [], http_port=8080, https_port=8080)'
    assert brief(source) == ["HP0018 https_port=8080 | the same as http_port"]


def test_plain_http_alone() -> None:
    assert brief('home = Site("home", [lan], [], https_port=None)') == []
