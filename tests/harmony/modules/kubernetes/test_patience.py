from __future__ import annotations

import pytest

from harmony.modules.kubernetes.patience import Patience

pytestmark = pytest.mark.unit

W1, W2, NONE = frozenset({"w1"}), frozenset({"w2"}), frozenset[str]()


def test_spent_after_so_many_looks_and_then_as_at_first() -> None:
    patience = Patience(looks=2)
    assert [patience.exhausted(W1) for _ in range(6)] == [NONE, NONE, W1, NONE, NONE, W1]


def test_each_host_has_its_own() -> None:
    patience = Patience(looks=1)
    assert [patience.exhausted(W1), patience.exhausted(W1 | W2)] == [NONE, W1]


def test_a_host_that_stops_asking_starts_anew() -> None:
    patience = Patience(looks=1)
    assert [patience.exhausted(asking) for asking in (W1, NONE, W1, W1)] == [NONE, NONE, NONE, W1]
