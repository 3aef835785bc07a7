"""What a rule finds: where, from the part that it judges, and what is wrong there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from harmony.modules.ignition.spec.part import JsonPath

Findings: TypeAlias = Iterator[tuple[JsonPath, str]]
