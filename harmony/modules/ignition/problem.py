"""What is wrong with a config, where, and who put it there."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from harmony.modules.ignition.spec.part import JsonPath


@dataclass(frozen=True, slots=True)
class Problem:
    """`message` never repeats what the config holds: it may be a secret."""

    path: JsonPath
    message: str
    contributors: tuple[str, ...] = ()

    @override
    def __str__(self) -> str:
        by = f" (from {', '.join(self.contributors)})" if self.contributors else ""
        return f"{dotted(self.path) or 'the config'}: {self.message}{by}"


def dotted(path: JsonPath) -> str:
    """`storage.files[3].mode`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
