from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from provisioner.cli.fetch import fetch_site
from tests.harmony.infra.file_server import Behaviour, file_server

pytestmark = pytest.mark.protocol

CONTENT = b"a kernel" * 10_000
EXAMPLES = Path(__file__).parents[3] / "examples"


def written(folder: Path, *lines: str) -> Path:
    """A SITE.py with these assets."""
    path = folder / "site.py"
    path.write_text(
        "\n".join(
            (
                "from harmony import Asset, Assets, MachineSite, Maestro",
                "from inventory import Network, Site",
                'lan = Network("lan", "10.7.0.0/24", interface="eth1", address="10.7.0.1")',
                'site = Site("home", networks=[lan], hosts=[])',
                "def deploy(maestro: Maestro[MachineSite]) -> None:",
                f"    maestro.register(Assets('files', [{', '.join(lines)}]))",
            )
        )
    )
    return path


def fetched(site_file: Path, folder: Path) -> tuple[int, list[str]]:
    """The exit code, and the lines without their times."""
    out = io.StringIO()
    code = fetch_site(site_file, folder / "state", out)
    return code, [line[9:] for line in out.getvalue().splitlines()]


def test_what_can_be_had_is_there_and_what_cannot_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HARMONY_CACHE", str(tmp_path / "cache"))
    digest = hashlib.sha256(CONTENT).hexdigest()
    with file_server() as server:
        server.files["/k"] = Behaviour(CONTENT)
        good = f'Asset("kernel", url="{server.url}/k", sha256="{digest}")'
        bad = f'Asset("none", url="{server.url}/none", sha256="{"0" * 64}")'
        code, lines = fetched(written(tmp_path, good, bad), tmp_path)
        assert code == 1
        assert any("finished · 80 kB" in line for line in lines)
        assert any(line.startswith("error: asset none is not in the store: ") for line in lines)
        assert lines[-1] == "1 of 2 assets are in the store"
    assert (tmp_path / "cache" / "assets" / "finished" / digest).read_bytes() == CONTENT
    site_file = written(tmp_path, good)
    assert fetched(site_file, tmp_path) == (0, ["1 of 1 assets are in the store"])


def test_a_faulty_declaration_is_fetched_nothing_for(tmp_path: Path) -> None:
    code, lines = fetched(EXAMPLES / "broken_site.py", tmp_path)
    assert code == 1
    assert "in the store" not in "".join(lines)
