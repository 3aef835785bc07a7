from __future__ import annotations

import pytest

from provisioner.cli.explain import UnknownCodeError, explain_code, explanations

pytestmark = pytest.mark.unit


def test_prints_title_and_long_form() -> None:
    assert (
        explain_code(" hp0025 ")
        == """\
HP0025 not a pool

A pool is its first and its last address, in this order. What `exclude` takes out of it, single addresses
or first and last of several, is in it, or it would be taken out of nothing."""
    )


def test_an_unknown_code_is_an_operators_error() -> None:
    with pytest.raises(UnknownCodeError, match="no code 'HP9999': they go from HP0001 to HP0"):
        explain_code("HP9999")


def test_every_explanation_says_more_than_its_title() -> None:
    for code, text in explanations().items():
        title, _, body = text.partition("\n\n")
        assert title.startswith(f"{code} ")
        assert len(body) > 40, code
