"""How a person calls this program: for lines that are to be typed as they stand."""

from __future__ import annotations

import sys
from pathlib import Path

import provisioner

CHECKOUT = Path(provisioner.__file__).parents[1]


def called(here: Path, environment: Path = Path(sys.prefix), checkout: Path = CHECKOUT) -> str:
    """`provisioner`; where that is in a checkout's own environment, which is on nobody's PATH: by
    `./dev`, which is always run from the checkout, or by its path."""
    if environment != checkout / ".venv":
        return "provisioner"
    return "./dev provisioner" if here == checkout else str(environment / "bin" / "provisioner")
