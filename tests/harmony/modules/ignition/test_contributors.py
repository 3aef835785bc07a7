from __future__ import annotations

from functools import reduce

import pytest
from pydantic import JsonValue

from harmony.modules.ignition.contributors import contributors
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.merging import EMPTY, merge
from harmony.modules.ignition.spec.part import JsonPath
from tests.harmony.modules.ignition.configs import layer

pytestmark = pytest.mark.unit


def who(layers: list[Layer], path: JsonPath) -> tuple[str, ...]:
    return contributors(reduce(merge, (one.config for one in layers), EMPTY), layers, path)


def file(name: str, path: str, **said: JsonValue) -> Layer:
    return layer(name, storage={"files": [{"path": path, **said}]})


LAYERS = [
    file("A", "/a", mode=420, append=[{"source": "data:,a"}]),
    file("B", "/b", mode=420),
    file("C", "/a", user={"id": 0}, append=[{"source": "data:,b"}, {"source": "data:,c"}]),
    layer("D", systemd={"units": [{"name": "a.service", "enabled": False}]}),
    file("E", "/a", mode=384),
]
A: JsonPath = ("storage", "files", 0)


@pytest.mark.parametrize(
    "path, names",
    [
        ((*A, "mode"), ("E",)),
        ((*A, "user", "id"), ("C",)),
        ((*A, "user"), ("C",)),
        ((*A, "path"), ("E",)),
        (A, ("A", "C", "E")),
        ((*A, "append", 0), ("A",)),
        ((*A, "append", 1, "source"), ("C",)),
        ((*A, "append", 2), ("C",)),
        ((*A, "append"), ("A", "C")),
        ((*A, "contents", "source"), ("A", "C", "E")),
        (("storage", "files", 1, "mode"), ("B",)),
        (("storage", "files"), ("A", "B", "C", "E")),
        (("systemd", "units", 0, "enabled"), ("D",)),
        (("passwd",), ("A", "B", "C", "D", "E")),
    ],
)
def test_whose_a_field_is(path: JsonPath, names: tuple[str, ...]) -> None:
    assert who(LAYERS, path) == names


def test_what_was_thrown_away_with_its_kind_is_nobodys() -> None:
    layers = [
        file("A", "/a", append=[{"source": "data:,a"}, {"source": "data:,b"}]),
        layer("B", storage={"links": [{"path": "/a", "target": "/b"}]}),
        file("C", "/a", append=[{"source": "data:,c"}]),
    ]
    assert who(layers, (*A, "append", 0)) == ("C",)
