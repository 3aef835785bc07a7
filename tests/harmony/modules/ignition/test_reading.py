from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.errors import ConfigRefused
from harmony.modules.ignition.reading import read
from tests.harmony.modules.ignition.configs import wrong
from tests.harmony.modules.ignition.generated import documents

pytestmark = pytest.mark.unit

PUBLISHED = json.loads((Path(__file__).parent / "published_examples.json").read_text())["examples"]
_V3 = '{"ignition": {"version": "3.2.0"}'


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_examples_come_back_unchanged(name: str) -> None:
    config = read(json.dumps(PUBLISHED[name]).encode(), name)
    assert json.loads(canonical_json(config)) == PUBLISHED[name]


@pytest.mark.parametrize(
    "document, problem",
    [
        ("{}", "ignition: Field required"),
        ('{"ignition": {}}', "ignition.version: Field required"),
        (f'{_V3}, "storag": {{}}}}', "storag: is not a key of the spec"),
        (f'{_V3}, "Storage": {{}}}}', "Storage: is not a key of the spec"),
        (
            f'{_V3}, "storage": {{"files": [{{"path": "/a", "user": {{"uid": 0}}}}]}}}}',
            "storage.files[0].user.uid: is not a key of the spec",
        ),
        (
            f'{_V3}, "storage": {{"files": [{{"path": "/a", "mode": "0644"}}]}}}}',
            "storage.files[0].mode: Input should be a valid integer",
        ),
        (
            f'{_V3}, "storage": {{"files": [{{"path": "/a", "mode": 420.0}}]}}}}',
            "storage.files[0].mode: Input should be a valid integer",
        ),
        (
            f'{_V3}, "systemd": {{"units": [{{"name": "a.service", "enabled": 1}}]}}}}',
            "systemd.units[0].enabled: Input should be a valid boolean",
        ),
        (
            f'{_V3}, "storage": {{"files": [{{"mode": 420}}]}}}}',
            "storage.files[0].path: Field required",
        ),
        (
            f'{_V3}, "passwd": {{}}, "passwd": {{}}}}',
            "the config: an object has the key passwd twice",
        ),
    ],
)
def test_what_is_no_config(document: str, problem: str) -> None:
    assert wrong(document) == (problem,)


@pytest.mark.parametrize("version", ["2.3.0", "3.2.1", "3.6.0", "3.6.0-experimental", "3"])
def test_a_version_that_is_not_read_is_the_only_news(version: str) -> None:
    document = json.dumps({"ignition": {"version": version}, "quadlets": []})
    problem = "ignition.version: is not one of 3.0.0 to 3.5.0, which are read here"
    assert wrong(document) == (problem,)


@pytest.mark.parametrize(
    "document", [b"", b"\xff", b"[", b"null", b"[]", b"[" * 100_000, b'{"a":' * 100_000, b"NaN"]
)
def test_bytes_that_are_no_json_are_refused(document: bytes) -> None:
    with pytest.raises(ConfigRefused):
        read(document, "x.ign")


@given(st.binary())
def test_any_bytes_are_read_or_refused(document: bytes) -> None:
    with pytest.raises(ConfigRefused):
        read(document, "x.ign")


@given(documents())
def test_what_is_read_comes_back_the_same(document: str) -> None:
    if not wrong(document):
        config = read(document.encode(), "x.ign")
        assert read(canonical_json(config).encode(), "x.ign") == config


def test_an_error_never_says_what_the_config_holds() -> None:
    document = '{"ignition": {"version": "3.2.0"}, "passwd": {"users": ["s3cret"]}}'
    with pytest.raises(ConfigRefused) as refused:
        read(document.encode(), "x.ign")
    assert "s3cret" not in str(refused.value)
    assert refused.value.__cause__ is None
