"""`provisioner preflight SITE.py`: every check of the site stage, from this computer, within a minute."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from pydantic import TypeAdapter

from harmony.domain.preflight.change import PreflightEvent
from harmony.domain.preflight.report import PreflightReport, report_json
from harmony.domain.preflight.result import waived
from harmony.domain.preflight.waiving import without_effect
from harmony.infra.asset_downloads import folder_in
from inventory.diagnostic import Diagnostic, Severity
from inventory.errors import OperatorError
from inventory.render import render_all
from inventory.site import Site
from provisioner.cli.admin import Admin
from provisioner.cli.check import judged
from provisioner.cli.known import KINDS, PRODUCTION, TOPOLOGIES
from provisioner.cli.places import StatePlace, cache_folder
from provisioner.cli.preflight.examination import examine
from provisioner.cli.preflight.kept_report import KeptReport
from provisioner.cli.preflight.shown import show
from provisioner.cli.preflight.site_stage import Seat, site_stage
from provisioner.serve.links import interfaces

_DIAGNOSTICS = TypeAdapter(tuple[Diagnostic, ...])
STAGE = "site"

CACHE_NEEDS = 5_000_000_000
"""Bytes: what is built for a site takes half of it, and as much again while it is built anew."""

STATE_NEEDS = 1_000_000_000
"""Bytes: a database and logs; what is full can't lease an address."""


def preflight_site(site_file: Path, state: Path, *, as_json: bool, out: TextIO) -> int:
    """1 if the declaration is faulty, or something stands in the way that isn't waived."""
    declaration, scores, found = judged(site_file, PRODUCTION, KINDS, TOPOLOGIES)
    site = declaration.site
    if site is None or any(one.severity is Severity.ERROR for one in found):
        _refuse(found, declaration.sources, as_json=as_json, out=out)
        return 1
    place = StatePlace(state)
    results = asyncio.run(examine(site_stage(site, scores, _seat(site, place))))
    report = PreflightReport(site.name, STAGE, time.time(), waived(results, site.waivers))
    events, notes = _kept(report, place, site)
    if as_json:
        out.write(json.dumps(_document(report, events)) + "\n")
    else:
        show(report, events, [*notes, *without_effect(site.waivers, report.results)], out)
    return int(not report.passed)


def _refuse(
    found: tuple[Diagnostic, ...], sources: dict[str, str], *, as_json: bool, out: TextIO
) -> None:
    if as_json:
        told = _DIAGNOSTICS.dump_python(found, mode="json")
        out.write(json.dumps({"passed": False, "diagnostics": told}) + "\n")
    else:
        out.write(render_all(found, sources, colour=out.isatty()) + "\n")


def _seat(site: Site, place: StatePlace) -> Seat:
    cache = cache_folder().absolute()
    return Seat(
        clock=time.time,
        interfaces=interfaces(),
        unheard_of=f"preflight-{secrets.token_hex(6)}",
        needed={str(cache): CACHE_NEEDS, str(place.root.absolute()): STATE_NEEDS},
        assets=folder_in(cache),
        is_serving=_serves(site, Admin(place.admin_socket)),
    )


def _serves(site: Site, admin: Admin) -> bool:
    """Whether the daemon of this state runs, and serves this very site."""
    try:
        return bool(admin.status()["site"] == site.name)
    except OperatorError:
        return False


def _kept(
    report: PreflightReport, place: StatePlace, site: Site
) -> tuple[tuple[PreflightEvent, ...], list[str]]:
    """What has changed since the last run; what went wrong in keeping this one."""
    try:
        events = KeptReport(place.preflight / f"{report.stage}.json").replace(report)
    except OSError as error:
        return (), [f"this run is not kept to be compared with the next: {error}"]
    with contextlib.suppress(OperatorError):  # before the first `serve` nobody keeps a log
        admin = Admin(place.admin_socket)
        for event in events:
            host = event.subject if site.host(event.subject) else None
            admin.tell(type(event).__name__, host, asdict(event))
    return events, []


def _document(report: PreflightReport, events: Sequence[PreflightEvent]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(report_json(report))
    changed = [{"event": type(one).__name__} | asdict(one) for one in events]
    return told | {"passed": report.passed, "changes": changed}
