"""`provisioner leases …`: what an operator asks and orders about addresses."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from provisioner.cli.arguments import AsJson, State, admin_of
from provisioner.cli.leases import ExportFormat, exported, leases_text

leases_app = typer.Typer(help="Who has which address, and for how long.", no_args_is_help=False)


@leases_app.callback(invoke_without_command=True)
def leases(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    """Lists every address that is leased, was leased, is disputed or reserved."""
    if context.invoked_subcommand is not None:
        return
    found = admin_of(state).leases()
    typer.echo(json.dumps(found) if as_json else leases_text(found, time.time()))


@leases_app.command()
def export(
    form: Annotated[ExportFormat, typer.Option("--format", help="of the text")] = ExportFormat.CSV,
    state: State = None,
) -> None:
    """Prints all of them for another program."""
    typer.echo(exported(admin_of(state).leases(), form))


@leases_app.command()
def release(
    which: Annotated[str, typer.Argument(metavar="ADDRESS|MAC", help="whose lease ends")],
    yes: Annotated[bool, typer.Option("--yes", help="also if its machine is on")] = False,
    state: State = None,
) -> None:
    """Ends a lease now: its address may go to another machine."""
    ended = admin_of(state).release(which, although_alive=yes)
    typer.echo(f"{ended['address']} of {ended['host'] or ended['mac']} is free")
