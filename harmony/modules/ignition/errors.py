"""HarmonyError
├── OperatorError
│   └── LayersRefused     what the Scores put together is no config that the release reads
└── PeerError
    ├── ConfigRefused     a file from elsewhere is not a config
    └── SourceRefused     a source is not there, or not what its digest says
"""

from __future__ import annotations

from harmony.modules.ignition.problem import Problem
from inventory.errors import OperatorError, PeerError


class LayersRefused(OperatorError):
    """`problems` name the fields and the Scores that contributed them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("this Ignition config would not boot:\n" + _listed(problems))
        self.problems = problems


class ConfigRefused(PeerError):
    """`name` is the file; `problems` name its fields."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(
            f"{name} is not an Ignition config that is read here:\n{_listed(problems)}"
        )
        self.name = name
        self.problems = problems


class SourceRefused(PeerError):
    """The message names the source, never what it holds."""


def _listed(problems: tuple[Problem, ...]) -> str:
    return "\n".join(f"  {problem}" for problem in problems)
