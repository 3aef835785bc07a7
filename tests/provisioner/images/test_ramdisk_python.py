"""The ramdisk's standard library is what the agent imports: nothing less, nothing more."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from provisioner.images.ramdisk_python import (
    EXTENSIONS,
    MODULES,
    PROJECT,
    agent_sources,
    extension_path,
)
from tests.provisioner.agent.daemon_peer import TOKEN, DaemonPeer, serving

pytestmark = pytest.mark.protocol

# In the ramdisk there is no `ssl`; http.client does without. One request brings what is imported late.
SCRIPT = """
import json, sys
sys.modules["ssl"] = None
sys.path.insert(0, sys.argv[1])
import provisioner.agent.__main__
from provisioner.agent.daemon_client import DaemonClient
DaemonClient(sys.argv[2], sys.argv[3]).get("/agent/order")
b"".decode("ascii")
def place(module):
    return (getattr(module, "__spec__", None) and module.__spec__.origin) or ""
print(json.dumps({name: place(module) for name, module in sys.modules.items() if module}))
"""


@pytest.fixture(scope="module")
def imported() -> dict[str, str]:
    """What the agent has imported after one request: name to where it came from."""
    with serving(DaemonPeer({})) as peer:
        arguments = [str(PROJECT), f"http://127.0.0.1:{peer.port}", TOKEN]
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", SCRIPT, *arguments],
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def is_ours(name: str) -> bool:
    return name.split(".")[0] == "provisioner"


def test_the_modules_are_those_that_the_agent_imports(imported: dict[str, str]) -> None:
    pure = {name for name, place in imported.items() if place.endswith(".py") and not is_ours(name)}
    assert {*MODULES} - pure == {"os"}  # frozen, but the interpreter looks for its file
    assert pure - {*MODULES} == set()
    assert len(MODULES) == len(set(MODULES))


def test_the_extensions_are_those_that_the_agent_imports(imported: dict[str, str]) -> None:
    shared = {name for name, place in imported.items() if place.endswith(".so")}
    assert {*EXTENSIONS} == shared
    assert extension_path("mmap").endswith("lib-dynload/mmap.cpython-311-x86_64-linux-gnu.so")


def test_the_agent_imports_nothing_else_of_this_project(imported: dict[str, str]) -> None:
    ours = {place for name, place in imported.items() if is_ours(name)}
    sources = agent_sources()
    assert ours <= {str(file) for file in sources.values()}
    assert all(Path(path).parts[:2] != ("provisioner", "images") for path in sources)
