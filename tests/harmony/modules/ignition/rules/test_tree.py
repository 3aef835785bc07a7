from __future__ import annotations

import pytest
from pydantic import JsonValue

from tests.harmony.modules.ignition.configs import Case, document, wrong

pytestmark = pytest.mark.unit

_FILES = "storage.files"
_MODE = "is not from 0 to 4095 (JSON has modes in decimal: 0644 is 420)"
_DIRTY = "is not a clean path: it has //, /./, /../ or a slash at its end"


def tree(minor: int = 3, **lists: JsonValue) -> str:
    return document(minor, storage=lists)


def file(**said: JsonValue) -> str:
    return tree(files=[{"path": "/a", **said}])


def beside_unit(path: str, contents: str) -> str:
    unit: JsonValue = {"name": "a.service", "contents": contents}
    drop_in: JsonValue = {"name": "b.conf", "contents": contents}
    return document(
        storage={"files": [{"path": path}]},
        systemd={"units": [unit, {"name": "c.service", "dropins": [drop_in]}]},
    )


CASES = {
    "file": Case(file(mode=420, overwrite=False, user={"id": 0}, group={"name": "root"})),
    "special bits": Case(file(mode=0o4755)),
    "root": Case(tree(directories=[{"path": "/", "mode": 493}])),
    "mode too large": Case(file(mode=0o10000), (f"{_FILES}[0].mode: {_MODE}",)),
    "mode below 0": Case(
        tree(directories=[{"path": "/a", "mode": -1}]), (f"storage.directories[0].mode: {_MODE}",)
    ),
    "id and name": Case(
        file(user={"id": 0, "name": "root"}),
        (f"{_FILES}[0].user: has both an id and a name",),
    ),
    "id and empty name": Case(file(user={"id": 0, "name": ""})),
    "overwrite": Case(file(overwrite=True, contents={"source": "data:,"})),
    "overwrite by the empty source": Case(file(overwrite=True, contents={"source": ""})),
    "overwrite by nothing": Case(
        file(overwrite=True),
        (f"{_FILES}[0].overwrite: is true without contents.source: it would delete the file",),
    ),
    "empty path": Case(tree(files=[{"path": ""}]), (f"{_FILES}[0].path: is empty",)),
    "relative path": Case(
        tree(files=[{"path": "a"}]), (f"{_FILES}[0].path: is not an absolute path",)
    ),
    "slash at the end": Case(tree(files=[{"path": "/a/"}]), (f"{_FILES}[0].path: {_DIRTY}",)),
    "two slashes": Case(tree(files=[{"path": "//a"}]), (f"{_FILES}[0].path: {_DIRTY}",)),
    "up": Case(tree(files=[{"path": "/a/../b"}]), (f"{_FILES}[0].path: {_DIRTY}",)),
    "link": Case(tree(links=[{"path": "/a", "target": "../b"}])),
    "link to nowhere": Case(
        tree(links=[{"path": "/a"}]), ("storage.links[0].target: is required",)
    ),
    "through a link": Case(
        tree(
            links=[{"path": "/a", "target": "/b"}, {"path": "/a/l", "target": "/c"}],
            files=[{"path": "/a/b/f"}, {"path": "/ab"}],
            directories=[{"path": "/a/d"}],
        ),
        tuple(
            f"storage.{where}.path: leads through a link of the same config"
            for where in ("files[0]", "directories[0]", "links[1]")
        ),
    ),
    "hard link": Case(tree(links=[{"path": "/a", "target": "/b", "hard": True}])),
    "hard link to a directory": Case(
        tree(links=[{"path": "/a", "target": "/d/", "hard": True}], directories=[{"path": "/d"}]),
        ("storage.links[0]: is a hard link to a directory",),
    ),
    "relative hard link to a directory": Case(
        tree(links=[{"path": "/a", "target": "../d", "hard": True}], directories=[{"path": "/d"}]),
        ("storage.links[0]: is a hard link to a directory",),
    ),
    "soft link to a directory": Case(
        tree(links=[{"path": "/a", "target": "/d"}], directories=[{"path": "/d"}])
    ),
    "over an empty unit": Case(beside_unit("/etc/systemd/system/a.service", "")),
}
# Looked for by later engines than Debian's, in configs of any version.
LATER = {
    "over a unit": Case(
        beside_unit("/etc/systemd/system/a.service", "[Unit]"),
        (f"{_FILES}[0].path: is also written by systemd.units",),
    ),
    "over a drop-in": Case(
        beside_unit("/etc/systemd/system/c.service.d/b.conf", "[Unit]"),
        (f"{_FILES}[0].path: is also written by systemd.units",),
    ),
}


@pytest.mark.parametrize("case", [*CASES.values(), *LATER.values()], ids=[*CASES, *LATER])
def test_files_directories_and_links(case: Case) -> None:
    assert wrong(case.document) == case.wrong
