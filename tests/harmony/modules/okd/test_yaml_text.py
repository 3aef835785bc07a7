from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import JsonValue

from harmony.modules.okd.yaml_text import NotYaml, read_yaml, write_yaml
from tests.harmony.modules.okd.json_values import VALUES

pytestmark = pytest.mark.unit


def test_it_is_spelled_in_one_way() -> None:
    value: JsonValue = {
        "platform": {"none": {}},
        "compute": [{"name": "worker", "replicas": 0}],
        "additionalTrustBundle": "-----BEGIN CERTIFICATE-----\nZZZZ\n-----END CERTIFICATE-----\n",
        "fips": False,
    }
    assert (
        write_yaml(value)
        == """\
additionalTrustBundle: |
  -----BEGIN CERTIFICATE-----
  ZZZZ
  -----END CERTIFICATE-----
compute:
- name: worker
  replicas: 0
fips: false
platform:
  none: {}
"""
    )


@given(VALUES)
@example("12E45678")
@example(" leading\n\n")
@example({"y": ["\x85", "\u2028", "\ufeff", "|", "- ", "# no"]})
def test_what_is_written_is_read_back(value: JsonValue) -> None:
    assert read_yaml(write_yaml(value)) == value


@pytest.mark.parametrize(
    "text",
    [
        "1e3",
        "12E45678",
        "y",
        "N",
        "On",
        "0o14",
        "0x1F",
        "1_000",
        ".5",
        "5.",
        "~",
        "null",
        "NULL",
        "=",
        "{}",
        "2001-01-01",
        "10:30",
        "+1",
        ".inf",
        "<<",
        "010",
        "089",
        "-",
        "52:54:00:12:34:56",
        "10.128.0.0/14",
    ],
)
def test_a_text_that_a_reader_could_take_for_something_else_is_quoted(text: str) -> None:
    assert write_yaml({"it": text}) == f"it: '{text}'\n"


@pytest.mark.parametrize(
    ("plain", "value"),
    [
        ("52:54:00:12:34:56", "52:54:00:12:34:56"),
        ("2001-01-01", "2001-01-01"),
        ("10:30", "10:30"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("yes", True),
        ("n", False),
        ("yeah", "yeah"),
        ("1_000", 1000),
        ("010", 8),
        ("0o14", 12),
        ("9e999", "9e999"),
        ("089", 89.0),
        ("0x1F", 31),
        ("10.128.0.0/14", "10.128.0.0/14"),
        ("", None),
        ("<<", "<<"),
    ],
)
def test_plain_words_are_read_as_go_does(plain: str, value: JsonValue) -> None:
    """kubectl, whose reader is the installer's, was asked for each of them."""
    assert read_yaml(f"it: {plain}\n") == {"it": value}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2\n", "key 'a' is there twice"),
        ("a: &x [1]\nb: *x\n", "it has an alias"),
        ("a: &x [*x]\n", "it has an alias"),
        ("a: !!python/name:os.system x\n", "a tag"),
        ("a: !!str 5\n", "a tag"),
        ("? [a]\n: 1\n", "a key is no text"),
        ("1: a\n", "a key is no text"),
        ("a: 1_" + "9" * 5000, "digits"),
        ("a: b\n---\nc: d\n", "single document"),
        ("a: [", "flow"),
        ("a: \x00", "special characters"),
        ("[" * 500 + "]" * 500, "nested too deeply"),
        ("a: \ud800", "special characters"),
    ],
)
def test_what_no_configuration_file_has_is_refused(text: str, words: str) -> None:
    with pytest.raises(NotYaml, match=words):
        read_yaml(text)


def test_an_empty_text_is_nothing() -> None:
    assert read_yaml("# nothing\n") is None


@given(st.text())
def test_no_text_is_a_traceback(text: str) -> None:
    with contextlib.suppress(NotYaml):
        read_yaml(text)
