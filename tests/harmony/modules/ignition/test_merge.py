from __future__ import annotations

import pytest

from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.merge import merged
from harmony.modules.ignition.model import (
    Config,
    ConfigReferences,
    Directory,
    DropIn,
    File,
    IgnitionSection,
    Link,
    Resource,
    Storage,
    Systemd,
    Unit,
)

pytestmark = pytest.mark.unit


def files(*found: File | Link | Directory) -> Config:
    return Config(
        storage=Storage(
            files=tuple(one for one in found if isinstance(one, File)),
            links=tuple(one for one in found if isinstance(one, Link)),
            directories=tuple(one for one in found if isinstance(one, Directory)),
        )
    )


def units(*found: Unit) -> Config:
    return Config(systemd=Systemd(units=found))


A = File(path="/a", contents=inline("a"))
B = File(path="/b", contents=inline("b"))


def test_nothing_is_an_empty_config() -> None:
    assert merged() == Config()


def test_files_are_sorted_by_path() -> None:
    assert merged(files(B), files(A)).storage.files == (A, B)


def test_later_file_wins() -> None:
    other = File(path="/a", contents=inline("other"))
    assert merged(files(A), files(other)).storage.files == (other,)


def test_paths_are_one_key_space() -> None:
    link = Link(path="/a", target="/b")
    found = merged(files(A, Directory(path="/c")), files(link)).storage
    assert (found.files, found.links, found.directories) == ((), (link,), (Directory(path="/c"),))


def test_units_are_merged_field_by_field() -> None:
    parent = Unit(
        name="a.service",
        contents="[Unit]",
        enabled=False,
        dropins=(DropIn(name="1.conf", contents="1"), DropIn(name="2.conf", contents="2")),
    )
    child = Unit(name="a.service", enabled=True, dropins=(DropIn(name="1.conf", contents="one"),))
    assert merged(units(parent), units(child)).systemd.units == (
        Unit(
            name="a.service",
            contents="[Unit]",
            enabled=True,
            dropins=(DropIn(name="1.conf", contents="one"), DropIn(name="2.conf", contents="2")),
        ),
    )


def test_references_are_kept_once() -> None:
    def pointing(*sources: str) -> Config:
        merge = tuple(Resource(source=source) for source in sources)
        return Config(ignition=IgnitionSection(config=ConfigReferences(merge=merge)))

    one, two = "http://10.7.0.1/1", "http://10.7.0.1/2"
    assert merged(pointing(one), pointing(one, two)) == pointing(one, two)
