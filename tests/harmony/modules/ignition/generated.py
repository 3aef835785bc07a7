"""Configs by hypothesis: valid ones, and such with one thing in them changed.

Few names and paths, so that configs meet each other when they are merged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeAlias

from hypothesis import strategies as st
from pydantic import JsonValue

from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.spec.part import JsonPath

_Json: TypeAlias = st.SearchStrategy[JsonValue]
NAMES = ("a", "b", "c")
FLAGS: _Json = st.booleans()
# What the published schema requires and the engine doesn't look for in every version.
_OF_THE_SCHEMA = {"name", "target", "level", "devices"}
_WORDS: JsonValue = ["x", "x"]
_OBJECT: JsonValue = {"x": 1}
CHANGES: tuple[JsonValue, ...] = (
    *(None, True, 0, -1, 1.0, 5000, 2**70, "", "x", "/x", "/x/", "http://x", "data:,%"),
    *("a.service", "none", "sha256-" + "0" * 64, [], {}, _WORDS, _OBJECT),
)


def one(optional: dict[str, _Json], **required: _Json) -> _Json:
    said = st.fixed_dictionaries(dict(required), optional=dict(optional))
    return said.map(lambda found: found)


def some(of: _Json, key: str) -> _Json:
    def named(item: JsonValue) -> str:
        return str(item[key]) if isinstance(item, dict) else str(item)

    return st.lists(of, max_size=3, unique_by=named).map(lambda found: found)


def words(most: int = 2) -> _Json:
    return st.lists(st.sampled_from(NAMES), max_size=most, unique=True).map(lambda found: [*found])


def text(*choice: str) -> _Json:
    return st.sampled_from(choice)


def names(prefix: str = "", suffix: str = "") -> _Json:
    return text(*(f"{prefix}{name}{suffix}" for name in NAMES))


def header() -> _Json:
    return one({"value": text("1", "2")}, name=names())


def resource() -> _Json:
    remote = one(
        {
            "compression": text("", "gzip"),
            "httpHeaders": some(header(), "name"),
            "verification": one({"hash": text("sha512-" + "0" * 128, "sha256-" + "0" * 64)}),
        },
        source=names("http://", "/"),
    )
    return st.one_of(remote, one({}, source=text("data:,a", "data:;base64,YQ==", "tftp://a/b")))


def nodes(folders: tuple[str, str, str]) -> dict[str, _Json]:
    """Files, directories and links, each in a folder of its own."""
    owner = one({"id": text("").map(lambda _: 0)}) | one({"name": names()})
    owned = {"user": owner, "group": owner}
    mode = st.sampled_from([0o600, 0o644, 0o755]).map(lambda found: found)
    file = one(
        {
            **owned,
            "mode": mode,
            "contents": resource(),
            "append": st.lists(resource(), max_size=2).map(lambda found: [*found]),
        },
        path=names(folders[0]),
    )
    directory = one({**owned, "mode": mode, "overwrite": FLAGS}, path=names(folders[1]))
    link = one({"hard": FLAGS}, path=names(folders[2]), target=names("/t/"))
    return {
        "files": some(file, "path"),
        "directories": some(directory, "path"),
        "links": some(link, "path"),
    }


def storage(folders: tuple[str, str, str]) -> _Json:
    partition = one(
        {"sizeMiB": st.just(5), "wipePartitionEntry": FLAGS, "resize": FLAGS},
        number=st.integers(1, 3).map(lambda found: found),
    )
    clevis = one(
        {
            "tpm2": FLAGS,
            "threshold": st.just(1),
            "tang": some(one({}, url=names("http://"), thumbprint=names()), "url"),
        }
    )
    custom = one({}, custom=one({}, pin=text("tang"), config=text("{}")))
    filesystem = one(
        {"path": names("/m/"), "options": words(), "mountOptions": words(), "label": names()},
        device=names("/dev/"),
        format=text("ext4", "xfs", "none"),
    )
    return one(
        {
            **nodes(folders),
            "disks": some(
                one(
                    {"wipeTable": FLAGS, "partitions": some(partition, "number")},
                    device=names("/dev/"),
                ),
                "device",
            ),
            "raid": some(
                one(
                    {"options": words(), "spares": st.just(1)},
                    name=names(),
                    level=text("raid1", "5"),
                    devices=st.just(["/dev/a"]),
                ),
                "name",
            ),
            "filesystems": some(filesystem, "device"),
            "luks": some(
                one(
                    {"options": words(), "clevis": clevis | custom, "keyFile": resource()},
                    name=names(),
                    device=names("/dev/"),
                ),
                "name",
            ),
        }
    )


def accounts() -> dict[str, _Json]:
    user = one(
        {"uid": st.just(7), "groups": words(), "sshAuthorizedKeys": words(), "shouldExist": FLAGS},
        name=names(),
    )
    group = one({"gid": st.just(7), "system": FLAGS, "shouldExist": FLAGS}, name=names())
    contents = text("", "[Unit]\nDescription=a\n", "[Install]\nWantedBy=b")
    unit = one(
        {
            "enabled": FLAGS,
            "mask": FLAGS,
            "contents": contents,
            "dropins": some(one({"contents": contents}, name=names("", ".conf")), "name"),
        },
        name=names("", ".service"),
    )
    return {
        "passwd": one({"users": some(user, "name"), "groups": some(group, "name")}),
        "systemd": one({"units": some(unit, "name")}),
    }


def ignition() -> _Json:
    return one(
        {
            "config": one({"merge": some(resource(), "source")}),
            "timeouts": one({"httpTotal": st.just(9)}),
            "proxy": one({"httpProxy": names("http://"), "noProxy": words()}),
            "security": one({"tls": one({"certificateAuthorities": some(resource(), "source")})}),
        },
        version=text("3.3.0"),
    )


def configs(folders: tuple[str, str, str] = ("/f/", "/d/", "/l/")) -> st.SearchStrategy[Config]:
    """Valid ones of 3.3, with files, directories and links in `folders`."""
    wanted: _Json = one({"shouldExist": words()}) | one({"shouldNotExist": words()})
    sections = {"storage": storage(folders), "kernelArguments": wanted, **accounts()}
    return one(sections, ignition=ignition()).map(Config.model_validate)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid config, or one with a place in it changed, taken away, or of an older version."""
    whole: JsonValue = json.loads(draw(configs()).model_dump_json(exclude_unset=True))
    if draw(st.booleans()):
        at = draw(st.sampled_from([*_places(whole, ())]))
        _change(whole, at, draw(st.sampled_from(CHANGES)))
    if isinstance(whole, dict) and draw(st.booleans()):
        whole["ignition"] = {"version": draw(text("3.0.0", "3.1.0", "3.2.0", "3.3.1", "2.0.0"))}
    return json.dumps(whole)


def _places(value: JsonValue, at: JsonPath) -> Iterator[JsonPath]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _OF_THE_SCHEMA:
                yield (*at, key)
            yield from _places(inner, (*at, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*at, index))


def _change(value: JsonValue, at: JsonPath, new: JsonValue) -> None:
    step, *further = at
    if isinstance(value, dict) and isinstance(step, str):
        if further:
            _change(value[step], tuple(further), new)
        else:
            value[step] = new
    if isinstance(value, list) and isinstance(step, int):
        _change(value[step], tuple(further), new)
