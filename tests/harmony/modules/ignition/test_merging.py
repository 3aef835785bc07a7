from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from pydantic import JsonValue

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.judgement import problems
from harmony.modules.ignition.merging import EMPTY, merge
from harmony.modules.ignition.spec.config import Config, KernelArguments
from tests.harmony.modules.ignition.configs import config
from tests.harmony.modules.ignition.generated import configs

pytestmark = pytest.mark.unit


def merged(*sections: dict[str, JsonValue]) -> JsonValue:
    whole = EMPTY
    for one in sections:
        whole = merge(whole, config(5, **one))
    found: dict[str, JsonValue] = json.loads(canonical_json(whole))
    assert found.pop("ignition") == {"version": "3.5.0"}
    return found


def files(*said: JsonValue) -> dict[str, JsonValue]:
    return {"storage": {"files": list(said)}}


def units(*said: JsonValue) -> dict[str, JsonValue]:
    return {"systemd": {"units": list(said)}}


def test_a_file_is_merged_field_by_field() -> None:
    beneath: JsonValue = {"source": "http://a", "compression": "gzip"}
    assert merged(
        files({"path": "/a", "mode": 420, "contents": beneath}, {"path": "/b"}),
        files({"path": "/c"}, {"path": "/a", "overwrite": True, "contents": {"source": "data:,"}}),
    ) == files(
        {
            "path": "/a",
            "mode": 420,
            "overwrite": True,
            "contents": {"source": "data:,", "compression": "gzip"},
        },
        {"path": "/b"},
        {"path": "/c"},
    )


def test_false_and_nothing_are_said_too() -> None:
    assert merged(
        units({"name": "a.service", "enabled": True, "contents": "[Unit]"}),
        units({"name": "a.service", "enabled": False, "contents": ""}),
    ) == units({"name": "a.service", "enabled": False, "contents": ""})


def test_arguments_are_appended() -> None:
    one: JsonValue = {"source": "data:,a"}
    assert merged(
        files({"path": "/a", "append": [one]}), files({"path": "/a", "append": [one]})
    ) == files({"path": "/a", "append": [one, one]})


def test_lists_of_names_are_joined() -> None:
    def groups(*names: str) -> dict[str, JsonValue]:
        return {"passwd": {"users": [{"name": "core", "groups": list(names)}]}}

    assert merged(groups("a", "b"), groups("b", "c")) == groups("a", "b", "c")


def test_a_path_is_one_thing_and_the_child_says_which() -> None:
    link: JsonValue = {"path": "/a", "target": "/c"}
    assert merged(
        files({"path": "/a", "mode": 420}, {"path": "/b"}), {"storage": {"links": [link]}}
    ) == {"storage": {"files": [{"path": "/b"}], "links": [link]}}


def test_kernel_arguments_change_sides() -> None:
    assert merged(
        {"kernelArguments": {"shouldExist": ["a", "b"]}},
        {"kernelArguments": {"shouldNotExist": ["a"], "shouldExist": ["c"]}},
    ) == {"kernelArguments": {"shouldExist": ["b", "c"], "shouldNotExist": ["a"]}}


def test_a_header_without_a_value_takes_the_parents_away() -> None:
    def sent(*headers: JsonValue) -> dict[str, JsonValue]:
        return files({"path": "/a", "contents": {"source": "http://a", "httpHeaders": [*headers]}})

    assert merged(
        sent({"name": "A", "value": "1"}, {"name": "B", "value": "1"}),
        sent({"name": "A"}, {"name": "B", "value": "2"}, {"name": "C", "value": "3"}),
    ) == sent({"name": "B", "value": "2"}, {"name": "C", "value": "3"})


def test_partitions_of_one_disk() -> None:
    def disk(*partitions: JsonValue) -> dict[str, JsonValue]:
        return {"storage": {"disks": [{"device": "/dev/a", "partitions": list(partitions)}]}}

    assert merged(
        disk({"number": 1, "label": "a"}, {"label": "b", "sizeMiB": 1}),
        disk({"number": 1, "sizeMiB": 5}, {"label": "b", "sizeMiB": 2}),
    ) == disk({"number": 1, "label": "a", "sizeMiB": 5}, {"label": "b", "sizeMiB": 2})


def test_the_newer_version_is_the_outcomes() -> None:
    pair = (config(2), config(4))
    found = [merge(*pair).ignition.version, merge(*reversed(pair)).ignition.version]
    assert found == ["3.4.0", "3.4.0"]


def test_two_valid_configs_may_make_an_invalid_one() -> None:
    link = config(storage={"links": [{"path": "/a", "target": "/b"}]})
    below = config(storage={"files": [{"path": "/a/f"}]})
    assert problems(merge(link, below)) != ()


@settings(max_examples=50)
@given(configs())
def test_the_empty_config_is_its_identity(one: Config) -> None:
    assert merge(EMPTY, one) == one == merge(one, EMPTY)


@settings(max_examples=50)
@given(configs(), configs(("/l/", "/f/", "/d/")))
def test_nothing_is_in_the_outcome_twice(a: Config, b: Config) -> None:
    assert [one for one in problems(merge(a, b)) if "twice" in one.message] == []


@settings(max_examples=80)
@given(configs(), configs(), configs())
def test_it_is_associative_where_nothing_is_taken_away(a: Config, b: Config, c: Config) -> None:
    a, b, c = _keeping(a), _keeping(b), _keeping(c)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


def test_it_is_not_associative_where_a_path_changes_its_kind_twice() -> None:
    mode = config(storage={"files": [{"path": "/a", "mode": 420}]})
    link = config(storage={"links": [{"path": "/a", "target": "/b"}]})
    file = config(storage={"files": [{"path": "/a"}]})
    left, right = merge(merge(mode, link), file), merge(mode, merge(link, file))
    assert (left.storage.files[0].mode, right.storage.files[0].mode) == (None, 420)


def test_it_is_not_associative_where_a_header_is_taken_away() -> None:
    def sent(**header: JsonValue) -> Config:
        contents: JsonValue = {"source": "http://a", "httpHeaders": [{"name": "A", **header}]}
        return config(storage={"files": [{"path": "/a", "contents": contents}]})

    one, two, gone = sent(value="1"), sent(value="2"), sent()
    left, right = merge(merge(one, two), gone), merge(one, merge(two, gone))
    assert left.storage.files[0].contents.httpHeaders == ()
    assert right == one


def _keeping(one: Config) -> Config:
    """Kernel arguments on one side, and every header with a value."""
    wanted = KernelArguments(shouldExist=one.kernelArguments.shouldExist)
    said = json.loads(canonical_json(one.model_copy(update={"kernelArguments": wanted})))
    return Config.model_validate(_with_values(said))


def _with_values(value: JsonValue) -> JsonValue:
    if isinstance(value, list):
        return [_with_values(item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _with_values(inner) for name, inner in value.items()}
    headers = kept.get("httpHeaders")
    if isinstance(headers, list):
        kept["httpHeaders"] = [{"value": "1", **one} for one in headers if isinstance(one, dict)]
    return kept
