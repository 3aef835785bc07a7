from __future__ import annotations

import pytest

from harmony.domain.pacing import Pacing

pytestmark = pytest.mark.unit


def test_pauses_grow_up_to_the_longest() -> None:
    pacing = Pacing(first=1, factor=2, longest=5)
    pauses = [pacing.first]
    for _ in range(4):
        pauses.append(pacing.after(pauses[-1]))
    assert pauses == [1, 2, 4, 5, 5]
