"""The whole config of each kind of node, judged by Ignition's own validator."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.kubernetes.node_ignition import node_ignition
from harmony.modules.kubernetes.plan import Node
from tests.harmony.modules.kubernetes.examples import assets, bootstrap, credentials, plan_of

pytestmark = pytest.mark.unit

PLAN = plan_of()
GOLDEN = Path(__file__).parent / "golden"


def rendered(node: Node) -> str:
    return canonical_json(node_ignition(PLAN, node, assets(), bootstrap(), credentials()))


@pytest.mark.parametrize("node", PLAN.nodes, ids=[node.name for node in PLAN.nodes])
def test_ignition_accepts_it_without_a_warning(node: Node, tmp_path: Path) -> None:
    config = tmp_path / "config.ign"
    config.write_text(rendered(node))
    judged = subprocess.run(["ignition-validate", config], capture_output=True, text=True)
    assert (judged.returncode, judged.stdout + judged.stderr) == (0, "")


@pytest.mark.parametrize("node", PLAN.nodes, ids=[node.name for node in PLAN.nodes])
def test_whole_config(node: Node) -> None:
    config = node_ignition(PLAN, node, assets(), bootstrap(), credentials())
    assert readable(canonical_json(config)) == (GOLDEN / f"{node.name}.txt").read_text()


def test_a_worker_has_no_key_of_the_cluster() -> None:
    worker = rendered(PLAN.workers[0])
    assert "key%20of" not in worker
    assert "service%20account" not in worker


def readable(config: str) -> str:
    """Files and units as a person reads them, one after the other."""
    document = json.loads(config)
    parts: list[str] = []
    for directory in document["storage"].get("directories", ()):
        parts.append(f"=== {directory['path']}/ {directory['mode']:o}\n")
    for file in document["storage"]["files"]:
        source = unquote(file["contents"]["source"].removeprefix("data:,"))
        verified = file["contents"].get("verification", {}).get("hash", "")
        parts.append(f"=== {file['path']} {file['mode']:o} {verified}\n{source.rstrip()}\n")
    for unit in document["systemd"]["units"]:
        flags = " ".join(key for key in ("enabled", "mask") if unit.get(key))
        parts.append(f"=== {unit['name']} {flags}\n{unit.get('contents', '').rstrip()}\n")
        parts += [f"--- {one['name']}\n{one['contents']}" for one in unit.get("dropins", ())]
    return "\n".join(parts)
