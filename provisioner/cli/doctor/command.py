"""`provisioner doctor`: looks, says what is wrong, and ends with 0 where nothing is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from inventory.errors import OperatorError
from inventory.mac import normal_mac
from provisioner.cli.arguments import AsJson, State, admin_of


def doctor(
    site_file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SITE.py]", help="what is declared; without it, what is served here"
        ),
    ] = None,
    interface: Annotated[
        str | None, typer.Option("--interface", help="look from here, where nothing is served")
    ] = None,
    network: Annotated[str | None, typer.Option(help="only this network")] = None,
    mac: Annotated[
        str | None, typer.Option(help="ask as this machine, where no other is answered")
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="take a lease, see the script, give the lease back")
    ] = False,
    as_json: AsJson = False,
    state: State = None,
) -> None:
    """Looks at a network as a machine that boots over it does, and says what is wrong."""
    from provisioner.cli.doctor.examination import Wishes, examine
    from provisioner.cli.doctor.report import report_json, report_text
    from provisioner.cli.doctor.targets import targets

    wishes = Wishes(_asked_as(mac, full), full)
    found = targets(site_file, interface, network, admin_of(state))
    if os.geteuid() != 0:
        raise OperatorError("a machine of its own on that network needs root: run it under sudo")
    examined = [examine(one.interface, one.expected, wishes) for one in found]
    typer.echo(report_json(examined) if as_json else report_text(examined))
    raise typer.Exit(1 if any(one.findings for one in examined) else 0)


def _asked_as(mac: str | None, full: bool) -> str | None:
    if mac is None:
        return None
    if full:
        raise OperatorError("--full would give back that machine's own lease: leave --mac out")
    try:
        return normal_mac(mac)
    except ValueError as error:
        raise OperatorError(str(error)) from error
