"""How a person calls this program: for lines that are to be typed as they stand."""

from __future__ import annotations

import sys
from pathlib import Path

import provisioner

CHECKOUT = Path(provisioner.__file__).parents[1]


def called(environment: Path = Path(sys.prefix), checkout: Path = CHECKOUT) -> str:
    """`provisioner`; in the environment that `./dev` makes, which is on nobody's PATH, by that."""
    return "./dev provisioner" if environment == checkout / ".venv" else "provisioner"
