"""The whole command on a site that is broken, is mended, and has a failure waived."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from provisioner.cli.preflight.command import preflight_site
from tests.foreign_time_server import chronyd
from tests.namespaces import NetworkNamespace, Segment, segment
from tests.provisioner.cli.preflight.test_name_probe import answering

pytestmark = pytest.mark.protocol

SOURCE = """\
from harmony import MachineSite, Maestro
from inventory import Host, Network, Nic, Site, Waiver

lan = Network(
    "lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dns=["10.7.0.2"], ntp=["10.7.0.2"]
)
cp1 = Host("cp1", nics=[Nic("52:54:00:07:00:11")], address="10.7.0.11")
site = Site("home", [lan], [cp1], domain="home.example", waivers=[DISK, WAIVERS])


def deploy(maestro: Maestro[MachineSite]) -> None: ...
""".replace("DISK", 'Waiver("jump-host-disk-space", "whatever is free where this is tested")')
RIGHT = (
    "--address=/cp1.home.example/10.7.0.11",
    "--ptr-record=11.0.7.10.in-addr.arpa,cp1.home.example",
)


@pytest.fixture
def wire() -> Iterator[Segment]:
    with segment() as made:
        yield made


def written(folder: Path, waivers: str = "") -> Path:
    path = folder / "site.py"
    path.write_text(SOURCE.replace("WAIVERS", waivers))
    return path


def run(jump_host: NetworkNamespace, site_file: Path, *, as_json: bool = False) -> tuple[int, str]:
    out = io.StringIO()
    state = site_file.parent / "state"
    code = jump_host.call(lambda: preflight_site(site_file, state, as_json=as_json, out=out))
    return code, out.getvalue()


def test_broken_then_waived_then_mended(wire: Segment, tmp_path: Path) -> None:
    server = wire.station("eth0", "10.7.0.2/24")
    jump_host = wire.station("lan0", "10.7.0.1/24")
    with answering(server, RIGHT):
        code, told = run(jump_host, written(tmp_path))
        assert code == 1
        assert "ntp-synced of 10.7.0.2: not made before, failure now" in told
        assert "not ready" in told

        waived = 'Waiver("ntp-synced", "the clock comes on Monday", subject="10.7.0.2")'
        code, told = run(jump_host, written(tmp_path, waived))
        assert code == 0
        assert "  waived: the clock comes on Monday\n" in told
        assert "failure, waived" in told

        with chronyd(server, tmp_path, "local stratum 8", "allow 10.7.0.0/24"):
            code, told = run(jump_host, written(tmp_path, waived), as_json=True)
            assert code == 0
            document: dict[str, Any] = json.loads(told)
            assert document["passed"] is True
            found = {one["check"]: one["verdict"] for one in document["results"]}
            assert found.pop("assets-available") == "not applicable"
            assert found.pop("jump-host-disk-space")
            assert set(found.values()) == {"success"}
            assert {
                (one["check"], one["before"], one["verdict"]) for one in document["changes"]
            } == {
                ("ntp-synced", "failure", "success"),
                ("time-synced-between-jump-host-and-servers", "pending", "success"),
            }
            code, told = run(jump_host, written(tmp_path, waived))
            assert "the waiver of ntp-synced of 10.7.0.2 has no effect: it doesn't fail" in told


@pytest.mark.parametrize(
    ("waiver", "code"),
    [('Waiver("ntp-sync", "Monday")', "HP0071"), ('Waiver("ntp-synced", "")', "HP0070")],
)
def test_a_waiver_that_is_none(wire: Segment, tmp_path: Path, waiver: str, code: str) -> None:
    jump_host = wire.station("lan0", "10.7.0.1/24")
    exit_code, told = run(jump_host, written(tmp_path, waiver))
    assert exit_code == 1
    assert f"error[{code}]" in told
    assert "site.py:8" in told
    exit_code, told = run(jump_host, written(tmp_path, waiver), as_json=True)
    document: dict[str, Any] = json.loads(told)
    assert (exit_code, document["passed"]) == (1, False)
    assert [one["code"] for one in document["diagnostics"]] == [code]


def test_a_state_folder_that_cannot_be_written(wire: Segment, tmp_path: Path) -> None:
    jump_host = wire.station("lan0", "10.7.0.1/24")
    (tmp_path / "state").write_text("a file")
    _, told = run(jump_host, written(tmp_path))
    assert "note: this run is not kept to be compared with the next" in told


CLUSTER = """\
from ipaddress import IPv4Address

import pydantic
from harmony import Assets, Maestro, MachineSite
from harmony.domain.preflight.entrance import Balancer, ClusterEntrance
from harmony.modules.assets.assets import AssetsTopology
from harmony.domain.score import Score
from inventory import Network, Site

lan = Network("lan", "10.7.0.0/24", interface="lan0", address="10.7.0.1", dns=["10.7.0.2"])
site = Site("home", [lan], [])


@pydantic.dataclasses.dataclass(frozen=True)
class Reached(Score[AssetsTopology]):
    def key(self): return "reached/c"
    def interpret(self): raise NotImplementedError
    def cluster_entrance(self):
        api = IPv4Address("10.7.0.5")
        return ClusterEntrance("c", "c.example", api, Balancer.SITE, api)


def deploy(maestro: Maestro[MachineSite]) -> None:
    maestro.register(Reached())
"""


def test_a_score_that_says_how_its_cluster_is_reached(wire: Segment, tmp_path: Path) -> None:
    jump_host = wire.station("lan0", "10.7.0.1/24")
    wire.station("eth0", "10.7.0.5/24")
    (tmp_path / "site.py").write_text(CLUSTER)
    code, told = run(jump_host, tmp_path / "site.py", as_json=True)
    found = {one["check"]: one["words"] for one in json.loads(told)["results"]}
    assert code == 1
    assert "name server 10.7.0.2 " in found["api-domain-name-resolved-correctly"]
    assert found["api-load-balancer-reachable"] == "10.7.0.5:6443 refuses the connection"
    assert found["api-vips-valid"].endswith("has 10.7.0.5")
