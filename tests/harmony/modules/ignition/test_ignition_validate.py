"""Debian's ignition-validate, which knows the spec up to 3.3, and our judgement of one config."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harmony.modules.ignition.emitting import emitted
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.needs import needs
from harmony.modules.ignition.pointer import Untouched, pointer
from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.version import SpecVersion
from tests.harmony.modules.ignition.configs import (
    Case,
    accepted_by_ignition,
    config,
    document,
    wrong,
)
from tests.harmony.modules.ignition.generated import configs, documents
from tests.harmony.modules.ignition.rules import (
    test_disks,
    test_fetching,
    test_tree,
    test_units,
    test_volumes,
)
from tests.harmony.modules.ignition.test_judgement import CASES
from tests.harmony.modules.ignition.test_reading import PUBLISHED
from tests.harmony.modules.ignition.test_unit_text import TEXTS
from tests.harmony.modules.ignition.test_url_form import SOURCES

pytestmark = pytest.mark.protocol

TABLES: dict[str, dict[str, Case]] = {
    "fetching": test_fetching.CASES,
    "tree": test_tree.CASES,
    "disks": test_disks.CASES,
    "volumes": test_volumes.CASES,
    "units": test_units.CASES,
    "whole": CASES,
}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_it_refuses_what_we_refuse_and_nothing_else(table: dict[str, Case]) -> None:
    ours = {name: not case.wrong for name, case in table.items()}
    assert {name: accepted_by_ignition(case.document) for name, case in table.items()} == ours


def test_it_takes_for_a_source_what_we_take() -> None:
    sources = {
        source: document(storage={"files": [{"path": "/a", "contents": {"source": source}}]})
        for source in SOURCES
        if not source.startswith("arn:")
    }
    ours = {source: not wrong(said) for source, said in sources.items()}
    assert {one: accepted_by_ignition(said) for one, said in sources.items()} == ours


def test_it_reads_the_units_that_we_read() -> None:
    units = {
        text: document(systemd={"units": [{"name": "a.service", "contents": text}]})
        for text in TEXTS
    }
    ours = {text: not wrong(said) for text, said in units.items()}
    assert {text: accepted_by_ignition(said) for text, said in units.items()} == ours


@settings(max_examples=60, deadline=None)
@given(st.text("[]=#;\\\n\r ab", max_size=14))
def test_it_reads_any_unit_that_we_read(text: str) -> None:
    said = document(systemd={"units": [{"name": "a.service", "contents": text}]})
    assert accepted_by_ignition(said) == (not wrong(said))


@settings(max_examples=60, deadline=None)
@given(documents())
def test_it_judges_any_config_as_we_do(said: str) -> None:
    assert accepted_by_ignition(said) == (not wrong(said)), wrong(said)


@settings(max_examples=40, deadline=None)
@given(configs())
def test_it_accepts_what_is_emitted(config: Config) -> None:
    if all(need.version <= SpecVersion.V3_3 for need in needs(config)):
        assert accepted_by_ignition(emitted([Layer("any", config)], SpecVersion.V3_3))


def test_it_accepts_pointers() -> None:
    untouched = Untouched("worker.ign", "https://a/worker.ign", document(2).encode())
    addition = Layer("Kargs", config(3, kernelArguments={"shouldExist": ["a"]}))
    said = pointer(untouched, [addition], ca="PEM", at_most=SpecVersion.V3_3)
    assert accepted_by_ignition(said)


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_accepts_the_published_examples(name: str) -> None:
    assert accepted_by_ignition(json.dumps(PUBLISHED[name]))
