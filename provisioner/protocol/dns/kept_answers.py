"""Finished answers by the very bytes that were asked: nearly every query of a site comes again, and
reading and rendering are most of what an answer costs."""

from __future__ import annotations

from dataclasses import dataclass

from provisioner.protocol.dns.generations import Generations
from provisioner.protocol.dns.reply import Answered

_MOST = 8_192
"""Twice that at most; a query and its answer are some hundred bytes each."""
_LONGEST = 320
"""Bytes of a query that is kept: the longest name, and EDNS."""
_LONGEST_ANSWER = 1_232


@dataclass(slots=True)
class _Kept:
    until: float
    turns: list[Answered | None]


class KeptAnswers:
    """For one transport, as long as the zones are the same; `now` in seconds of any clock."""

    def __init__(self) -> None:
        self._kept: Generations[bytes, _Kept] = Generations(_MOST)

    def get(self, query: bytes, now: float) -> Answered | None:
        """The answer to the query, but for its id, which is the first two bytes of either."""
        kept = self._kept.get(query[2:])
        if kept is None or kept.until <= now:
            return None
        turns = kept.turns
        return turns[0] if len(turns) == 1 else turns[int.from_bytes(query[:2]) % len(turns)]

    def put(self, query: bytes, answered: Answered, now: float) -> None:
        """To be called with the answer to a query that `get` had none for."""
        if len(query) > _LONGEST or len(answered.wire) > _LONGEST_ANSWER or answered.lasts <= 0:
            return
        kept = self._kept.get(query[2:])
        if kept is None or kept.until <= now or len(kept.turns) != answered.turns:
            kept = _Kept(now + answered.lasts, [None] * answered.turns)
            self._kept.put(query[2:], kept)
        kept.turns[int.from_bytes(query[:2]) % answered.turns] = answered

    def clear(self) -> None:
        """The zones are others now."""
        self._kept.clear()
