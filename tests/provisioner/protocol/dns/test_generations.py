from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioner.protocol.dns.generations import Generations

pytestmark = pytest.mark.unit


def test_what_is_asked_for_stays_and_the_rest_goes() -> None:
    cache: Generations[int, str] = Generations(2)
    for key in range(6):
        cache.put(key, str(key))
        assert cache.get(0) == "0"
    assert cache.get(1) is None
    cache.clear()
    assert cache.get(0) is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20))), st.integers(1, 5))
def test_it_never_grows_beyond_two_generations_nor_lies(
    steps: list[tuple[bool, int]], size: int
) -> None:
    cache: Generations[int, int] = Generations(size)
    put: dict[int, int] = {}
    for at, (is_put, key) in enumerate(steps):
        if is_put:
            put[key] = at
            cache.put(key, at)
            assert cache.get(key) == at
        assert cache.get(key) in (None, put.get(key))
        assert len(cache) <= 2 * size
