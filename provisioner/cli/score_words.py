"""The last words of each Score that is not finished, and whether any of them gets on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from harmony.domain.event import Event, ScoreChanged, ScoreFinished, ScoreStarted, Stage
from harmony.domain.outcome import Outcome
from harmony.domain.score import title


@dataclass(slots=True)
class ScoreWords:
    """Listens to a run."""

    _said: set[tuple[str, str, str]] = field(default_factory=set[tuple[str, str, str]])
    _last: dict[str, tuple[Stage, Outcome]] = field(
        default_factory=dict[str, tuple[Stage, Outcome]]
    )

    def hear(self, event: Event) -> None:
        """Maestro's listener. Upkeep goes on beside: it is not what is waited for."""
        match event:
            case ScoreStarted(score):
                self._note(title(score), "started", "")
            case ScoreChanged(score, stage, outcome) if stage is not Stage.UPKEEP:
                self._note(title(score), stage, outcome.message)
                self._last[title(score)] = stage, outcome
            case ScoreFinished(score, outcome, _):
                self._note(title(score), outcome.status, outcome.message)
                self._last.pop(title(score), None)
            case _:
                pass

    @property
    def news(self) -> int:
        """How many different things were said: whoever says two in turn does not get on, such as a
        pod whose image is now not found and now no longer looked for."""
        return len(self._said)

    def unfinished(self) -> Mapping[str, tuple[str, ...]]:
        """What each of them waits for, line by line."""
        return {
            name: (f"{stage}: {outcome.message}", *outcome.details)
            for name, (stage, outcome) in self._last.items()
        }

    def _note(self, name: str, stage: str, message: str) -> None:
        self._said.add((name, stage, message))
