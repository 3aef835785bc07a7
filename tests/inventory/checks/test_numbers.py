from __future__ import annotations

import pytest

from tests.inventory.written import brief

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("port", [0, 65536])
def test_ports(port: int) -> None:
    source = f'home = Site("home", [lan], [], http_port={port})'
    assert brief(source) == [f"HP0018 http_port={port} | not 1 to 65535"]
