"""`provisioner secrets`: what a declaration names, and only a person has."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer

from inventory.errors import OperatorError
from provisioner.cli.arguments import State, place_of

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")

secrets_app = typer.Typer(help="Secrets that Scores name.", no_args_is_help=True)


@secrets_app.callback()
def secrets() -> None:
    """Secrets that Scores name. They are kept encrypted, and never shown."""


@secrets_app.command()
def give(
    name: Annotated[str, typer.Argument(help="as the declaration names it: okd/home/pull-secret")],
    file: Annotated[
        Path | None, typer.Argument(help="what has the text; standard input without it")
    ] = None,
    state: State = None,
) -> None:
    """Puts a text into the vault, in place of one that was given before."""
    typer.echo(given(place_of(state), name, _text(file)))


def given(state: Path, name: str, text: str) -> str:
    """What became of it, in words. Raises OperatorError."""
    import asyncio
    import time

    from harmony.domain.capability.secret_vault import GivenSecret
    from harmony.infra.errors import SecretMismatchError
    from harmony.infra.file_vault import FileVault
    from provisioner.cli.places import StatePlace

    if not _NAME.fullmatch(name):
        raise OperatorError(f"{name!r} is no name of a secret, such as okd/home/pull-secret")
    if not text.strip():
        raise OperatorError(f"there is no text for {name}: give a file, or `… < FILE`")
    vault = FileVault(StatePlace(state).secrets, time.time)
    try:
        change = asyncio.run(vault.ensure_given_secret(GivenSecret(name, text)))
    except SecretMismatchError as error:
        raise OperatorError(f"{error}: choose another name, here and in the declaration") from error
    return f"{change.what}: {'kept from now on' if change.changed else 'it was there already'}"


def _text(file: Path | None) -> str:
    try:
        return sys.stdin.read() if file is None else file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(f"{file or 'standard input'} can't be read as text: {error}") from error
