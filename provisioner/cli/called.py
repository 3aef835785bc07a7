"""How a person calls this program: for lines that are to be typed as they stand."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import provisioner

CHECKOUT = Path(provisioner.__file__).parents[1]
_DEV = "./dev provisioner"


def called(here: Path, environment: Path = Path(sys.prefix), checkout: Path = CHECKOUT) -> str:
    """`provisioner`; where that is in a checkout's own environment, which is on nobody's PATH: by
    `./dev`, which is always run from the checkout, or by its path."""
    if environment != checkout / ".venv":
        return "provisioner"
    return _DEV if here == checkout else str(environment / "bin" / "provisioner")


def called_with_rights(verb: str, program: str, environment: Mapping[str, str]) -> str:
    """A verb that needs root's rights, typed by whoever has them by sudo. `./dev` takes them itself for a
    rehearsal, and for nothing else."""
    takes_them = program == _DEV and verb == "rehearse"
    sudo = "sudo " if "SUDO_UID" in environment and not takes_them else ""
    return f"{sudo}{program} {verb}"
