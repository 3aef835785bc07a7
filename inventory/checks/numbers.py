"""Numbers of the site as a whole."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding
from inventory.codes import Code
from inventory.site import Site


def number_findings(site: Site) -> Findings:
    if not 1 <= site.http_port <= 65535:
        yield finding(
            Code.INVALID_NUMBER,
            f"no TCP port has the number {site.http_port}",
            site,
            "http_port",
            label="not 1 to 65535",
            help="80, unless something else has it on this interface",
        )
