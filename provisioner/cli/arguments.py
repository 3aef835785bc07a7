"""Arguments that several commands have, and what they stand for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from provisioner.cli.admin import Admin

SiteFile = Annotated[
    Path, typer.Argument(metavar="SITE.py", help="the declaration", dir_okay=False)
]
State = Annotated[
    Path | None,
    typer.Option("--state", help="the site's state folder", envvar="HARMONY_STATE"),
]
AsJson = Annotated[bool, typer.Option("--json", help="as JSON, for programs")]


def place_of(state: Path | None) -> Path:
    """The state folder: as given, else where it usually is."""
    from provisioner.cli.places import state_folder

    return state or state_folder()


def admin_of(state: Path | None) -> Admin:
    """The daemon that serves this state."""
    from provisioner.cli.places import StatePlace

    return Admin(StatePlace(place_of(state)).admin_socket)
