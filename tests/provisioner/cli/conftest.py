"""What several tests of this folder share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.namespaces import Segment, segment
from tests.peers.daemon_child import DaemonChild
from tests.peers.serve_child import ServeChild
from tests.peers.served_site import served_site
from tests.provisioner.cli.small_site import SITE


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaemonChild]:
    """A real daemon that serves the small site; nobody changes what it serves."""
    with served_site(tmp_path_factory.mktemp("served")) as daemon:
        yield daemon


@pytest.fixture
def small_site_file(tmp_path: Path) -> Path:
    path = tmp_path / "site.py"
    path.write_text(SITE, encoding="utf-8")
    return path


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


@pytest.fixture
def serve(wire: Segment, small_site_file: Path, tmp_path: Path) -> Iterator[ServeChild]:
    child = ServeChild(wire.station("lan0", "10.7.0.1/24"), small_site_file, tmp_path / "state")
    yield child
    child.close()
