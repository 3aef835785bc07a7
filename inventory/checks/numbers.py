"""Numbers of the site as a whole."""

from __future__ import annotations

from inventory.checks.finding import Findings, finding
from inventory.codes import Code
from inventory.site import Site


def number_findings(site: Site) -> Findings:
    ports = (("http_port", site.http_port, "80"), ("https_port", site.https_port, "443"))
    for argument, port, usual in ports:
        if port is not None and not 1 <= port <= 65535:
            yield finding(
                Code.INVALID_NUMBER,
                f"no TCP port has the number {port}",
                site,
                argument,
                label="not 1 to 65535",
                help=f"{usual}, unless something else has it on this interface",
            )
    if site.http_port == site.https_port:
        yield finding(
            Code.INVALID_NUMBER,
            f"HTTP and HTTPS can't both be served on port {site.http_port}",
            site,
            "https_port",
            label="the same as http_port",
            help="443, another port, or None for plain HTTP alone",
        )
