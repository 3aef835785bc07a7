"""What this product knows, fixed in code: Score classes, topologies. There is no plugin loading."""

from __future__ import annotations

from typing import Any, Final

from harmony.domain.score import Score
from harmony.domain.topology import Topology

KINDS: Final[tuple[type[Score[Any]], ...]] = ()
"""Every Score that can be declared, read back from JSON, and named in help."""

TOPOLOGIES: Final[tuple[type, ...]] = ()
"""Every topology, for the help of a diagnostic that misses a capability."""

PRODUCTION: Final[type[Any]] = Topology
"""What `check` judges against: the topology of `provisioner serve`."""
