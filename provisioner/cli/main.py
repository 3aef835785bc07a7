"""The `provisioner` command. A subcommand loads what it needs when it runs, so that `--help` and
completion are instant; errors end in one clear text and an exit code, never in a traceback."""

from __future__ import annotations

import json
import sys
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from inventory.errors import HarmonyError, ProvisionerBug
from provisioner.cli.arguments import AsJson, SiteFile, State, admin_of, place_of
from provisioner.cli.doctor.command import doctor
from provisioner.cli.error_words import error_words
from provisioner.cli.lease_commands import leases_app
from provisioner.cli.secret_commands import secrets_app

app = typer.Typer(
    name="provisioner",
    help="Takes a rack of empty machines to a handed-over cluster, out of one declaration.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
hosts_app = typer.Typer(help="The hosts and the machines on the wire.", no_args_is_help=False)
app.add_typer(hosts_app, name="hosts")
app.add_typer(leases_app, name="leases")
app.add_typer(secrets_app, name="secrets")
app.command()(doctor)

KubernetesBinaries = Annotated[
    Path | None,
    typer.Option(
        "--kubernetes-binaries",
        metavar="DIR",
        resolve_path=True,
        help="take Kubernetes' official programs from here instead of building them",
    ),
]


@app.command()
def check(
    site_file: SiteFile,
    as_json: AsJson = False,
    kubernetes_binaries: Annotated[
        Path | None,
        typer.Option(
            "--kubernetes-binaries",
            metavar="DIR",
            resolve_path=True,
            help="Kubernetes' official programs, as they will be given to serve",
        ),
    ] = None,
) -> None:
    """Judges a declaration without touching anything; exit code 1 if it has errors."""
    from provisioner.cli.check import check_file

    raise typer.Exit(
        check_file(
            site_file, as_json=as_json, out=sys.stdout, kubernetes_binaries=kubernetes_binaries
        )
    )


@app.command()
def fetch(site_file: SiteFile, state: State = None) -> None:
    """Downloads what SITE.py declares as assets: nothing of it is asked of a network again."""
    from provisioner.cli.fetch import fetch_site

    raise typer.Exit(fetch_site(site_file, place_of(state)))


@app.command()
def preflight(site_file: SiteFile, state: State = None, as_json: AsJson = False) -> None:
    """Looks at all that has to be so before anything is powered on; exit code 1 if it isn't."""
    from provisioner.cli.preflight.command import preflight_site

    raise typer.Exit(preflight_site(site_file, place_of(state), as_json=as_json, out=sys.stdout))


@app.command()
def explain(code: str) -> None:
    """Tells the long form of a diagnostic's code, such as HP0001."""
    from provisioner.cli.explain import explain_code

    typer.echo(explain_code(code))


@app.command()
def serve(
    site_file: SiteFile,
    state: State = None,
    require_rehearsal: Annotated[
        bool, typer.Option(help="refuse a declaration that has not passed its rehearsal")
    ] = False,
    join: Annotated[
        bool, typer.Option("--join", help="join the daemon that systemd keeps; start and stop none")
    ] = False,
    kubernetes_binaries: KubernetesBinaries = None,
) -> None:
    """Serves the site on this jump host and carries its Scores out; does not return."""
    from provisioner.cli.serve import serve_site

    if not join:  # a service goes on with what it has: its builder says what is lost
        _require_programs(kubernetes_binaries)
    place = place_of(state)
    code = serve_site(
        site_file,
        place,
        require_rehearsal=require_rehearsal,
        join=join,
        kubernetes_binaries=kubernetes_binaries,
    )
    raise typer.Exit(code)


@app.command()
def rehearse(
    site_file: SiteFile,
    host: Annotated[list[str] | None, typer.Option(help="only this host (repeatable)")] = None,
    until: Annotated[str, typer.Option(help="stop when the hosts are in this state")] = "done",
    keep: Annotated[bool, typer.Option(help="leave the lab running at the end")] = False,
    timeout: Annotated[
        float | None,
        typer.Option(help="minutes for all of it; without it, until the Scores get on no more"),
    ] = None,
    json_report: Annotated[
        Path | None, typer.Option("--json", help="write the report here")
    ] = None,
    kubernetes_binaries: KubernetesBinaries = None,
    state: State = None,
) -> None:
    """Does the whole of `serve` first, on virtual machines that really boot over the network."""
    from provisioner.cli.rehearse import Wishes, rehearse_site

    _require_programs(kubernetes_binaries)
    wishes = Wishes(tuple(host or ()), until, keep, timeout, json_report, kubernetes_binaries)
    raise typer.Exit(rehearse_site(site_file, wishes, state))


@app.command()
def status(
    site_file: Annotated[
        Path | None,
        typer.Argument(metavar="[SITE.py]", help="say of this one whether it was rehearsed"),
    ] = None,
    state: State = None,
    watch: Annotated[bool, typer.Option(help="again every two seconds")] = False,
    as_json: AsJson = False,
) -> None:
    """Says how the daemon and every host are, and whether what is served was rehearsed."""
    from provisioner.cli.rehearsed import rehearsed_site
    from provisioner.cli.status import status_text

    admin = admin_of(state)
    rehearsed = rehearsed_site(site_file, place_of(state), admin.artifacts())
    while True:
        told, hosts = admin.status() | {"rehearsed": rehearsed}, admin.hosts()
        if as_json:
            typer.echo(json.dumps({"status": told, "hosts": hosts}))
        else:
            typer.echo(status_text(told, hosts, time.time()))
        if not watch:
            return
        time.sleep(2)


@app.command()
def log(
    host: Annotated[str | None, typer.Argument(help="a host's name; all without it")] = None,
    tail: Annotated[int | None, typer.Option(min=0, help="only the last so many")] = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Prints every step of a host on the wire."""
    from provisioner.cli.event_log import log_lines

    events: Iterable[Mapping[str, Any]] = admin_of(state).events(host)
    if tail is not None:
        events = deque(events, maxlen=tail)
    lines = (json.dumps(event) for event in events) if as_json else log_lines(events)
    for line in lines:
        typer.echo(line)


@app.command()
def render(host: str, state: State = None) -> None:
    """Prints the boot script a host would get now, with secrets masked."""
    typer.echo(admin_of(state).script(host))


@hosts_app.callback(invoke_without_command=True)
def hosts(context: typer.Context, state: State = None, as_json: AsJson = False) -> None:
    """Lists hosts and the machines that match none of them."""
    from provisioner.cli.hosts import hosts_text

    if context.invoked_subcommand is not None:
        return
    admin = admin_of(state)
    declared, machines = admin.hosts(), admin.machines()
    if as_json:
        typer.echo(json.dumps({"hosts": declared, "machines": machines}))
    else:
        typer.echo(hosts_text(declared, machines, time.time()))


@hosts_app.command()
def approve(
    machine: Annotated[str, typer.Argument(help="its MAC address")],
    host: Annotated[str, typer.Option("--as", help="the declared host it is")],
    state: State = None,
) -> None:
    """Says which host an unmatched machine is, also in place of one that is off now."""
    admin_of(state).approve(machine, host)


@hosts_app.command()
def reinstall(host: str, state: State = None) -> None:
    """Orders a fresh installation: what is on the host's disk is lost."""
    admin_of(state).reinstall(host)


@hosts_app.command()
def retry(host: str, state: State = None) -> None:
    """Lets a host that failed, or whose installation is stuck, try again."""
    admin_of(state).retry(host)


@app.command("install-service")
def install_service(site_file: SiteFile, kubernetes_binaries: KubernetesBinaries = None) -> None:
    """Has systemd serve SITE.py on this machine: now, and whenever it starts."""
    from provisioner.cli.install_service import install

    _require_programs(kubernetes_binaries)
    install(site_file, kubernetes_binaries)


def main(arguments: Sequence[str] | None = None) -> None:
    """The console script: an error of ours is one text on stderr and exit code 1. `arguments` are
    by default those of this program."""
    try:
        app(None if arguments is None else list(arguments))
    except ProvisionerBug:
        raise
    except HarmonyError as error:
        typer.echo(f"error: {error_words(error)}", err=True)
        sys.exit(1)


def _require_programs(folder: Path | None) -> None:
    from provisioner.images.kubernetes import require_programs

    if folder is not None:
        require_programs(folder)


if __name__ == "__main__":
    main()
