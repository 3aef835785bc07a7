"""The rules that every capability keeps; the judgement relies on them."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable
from typing import Any, get_type_hints

import pytest

import harmony.domain.capability as package
from harmony.domain.outcome import Change

pytestmark = pytest.mark.unit

CAPABILITIES: list[Any] = [getattr(package, name) for name in package.__all__]

Method = tuple[Any, str, Callable[..., Any]]


def methods(capability: type) -> list[Method]:
    own = vars(capability).items()
    return [(capability, name, value) for name, value in own if not name.startswith("_")]


METHODS: list[Method] = [found for capability in CAPABILITIES for found in methods(capability)]
IDS = [f"{capability.__name__}.{name}" for capability, name, _ in METHODS]


@pytest.mark.parametrize("capability", CAPABILITIES, ids=package.__all__)
def test_is_a_runtime_checkable_protocol_with_one_to_five_methods(capability: Any) -> None:
    assert capability._is_protocol
    assert capability._is_runtime_protocol
    assert 1 <= len(methods(capability)) <= 5


@pytest.mark.parametrize(("capability", "name", "method"), METHODS, ids=IDS)
def test_method_is_abstract_async_and_takes_a_spec(
    capability: Any, name: str, method: Callable[..., Any]
) -> None:
    assert inspect.iscoroutinefunction(method), "no property, nothing that blocks"
    assert getattr(method, "__isabstractmethod__", False)
    assert len(inspect.signature(method).parameters) >= 2, "self and at least one argument"


@pytest.mark.parametrize(("capability", "name", "method"), METHODS, ids=IDS)
def test_verb_says_what_comes_back(capability: Any, name: str, method: Callable[..., Any]) -> None:
    verb = name.partition("_")[0]
    assert verb in ("ensure", "observe", "ask")
    if verb == "ensure" and name != "ensure_secret":  # the secret itself is the point
        assert get_type_hints(method)["return"] is Change


def test_no_two_capabilities_share_a_method_name() -> None:
    names = Counter(name for _, name, _ in METHODS)
    assert [name for name, count in names.items() if count > 1] == []
