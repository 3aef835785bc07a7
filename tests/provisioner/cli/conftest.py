"""What several tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.peers.daemon_child import DaemonChild
from tests.peers.served_site import served_site


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonChild]:
    """A real daemon that serves the small site; nobody changes what it serves."""
    with served_site(tmp_path_factory.mktemp("served")) as daemon:
        yield daemon
