"""The node image as the agent leaves it on a disk: with the Ignition config of its first boot."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from provisioner.cli.places import cache_folder
from tests.provisioner.images.node_machine import expand_image, put_on_boot_partition


def installed_image(folder: Path, config: str) -> Path:
    """A raw disk in `folder`, out of the cache (built if it isn't there)."""
    command = [sys.executable, "-m", "provisioner.images", "build", "node-image"]
    done = subprocess.run(
        [*command, "--cache", str(cache_folder())], stdout=subprocess.PIPE, text=True, check=False
    )
    last = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, last
    raw = folder / "node.raw"
    expand_image(Path(last["artifacts"][0]["path"]), raw)
    put_on_boot_partition(raw, {"ignition/config.ign": config}, folder)
    return raw


def ignition_config(files: Mapping[str, str], units: Mapping[str, str]) -> str:
    """A config with these files' texts by path and these enabled units' texts by name."""
    return json.dumps(
        {
            "ignition": {"version": "3.3.0"},
            "storage": {"files": [_file(path, text) for path, text in files.items()]},
            "systemd": {
                "units": [
                    {"name": name, "enabled": True, "contents": text}
                    for name, text in units.items()
                ]
            },
        }
    )


def data_url(text: str) -> str:
    return "data:;base64," + base64.b64encode(text.encode()).decode()


def _file(path: str, text: str) -> dict[str, object]:
    return {"path": path, "overwrite": True, "mode": 0o644, "contents": {"source": data_url(text)}}
