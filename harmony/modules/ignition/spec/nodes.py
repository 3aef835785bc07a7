"""What stands in a file system: files, directories and links, one key space by their path."""

from __future__ import annotations

from typing import Annotated

from typing_extensions import override

from harmony.modules.ignition.spec.part import Appended, Flag, Keyed, Part, Text, Whole
from harmony.modules.ignition.spec.resource import Resource


class Owner(Part):
    """A user or a group, by number or by name."""

    id: Whole | None = None
    name: Text | None = None


class Node(Keyed):
    """What files, directories and links have in common."""

    path: Text
    overwrite: Flag | None = None
    user: Owner = Owner()
    group: Owner = Owner()

    @property
    @override
    def key(self) -> str:
        return self.path


class File(Node):
    """`mode` is decimal in JSON."""

    mode: Whole | None = None
    contents: Resource = Resource()
    append: Annotated[tuple[Resource, ...], Appended()] = ()


class Directory(Node):
    mode: Whole | None = None


class Link(Node):
    target: Text | None = None
    hard: Flag | None = None
