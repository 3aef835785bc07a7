"""The name servers that aren't ours."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tests.peers.name_servers import SERVERS, NameServerChild, name_server


@pytest.fixture(scope="module", params=SERVERS)
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Generator[NameServerChild]:
    with name_server(str(request.param), tmp_path_factory.mktemp("name_server")) as child:
        yield child
