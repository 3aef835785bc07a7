"""Which hosts a rehearsal has machines for: those that Scores use, or of these the ones asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from harmony.domain.order import AnyScore
from inventory.errors import OperatorError
from inventory.site import Site
from provisioner.cli.goal import DONE
from provisioner.cli.known import hosts_of


def rehearsed_part(
    site: Site, scores: Iterable[AnyScore], wished: Sequence[str], until: str
) -> Site:
    """`site` with the rehearsed hosts alone. Nothing powers a spare on: no rehearsal waits for it.

    Raises OperatorError for wishes that can't be.
    """
    if unknown := sorted(set(wished) - {host.name for host in site.hosts}):
        known = ", ".join(sorted(host.name for host in site.hosts))
        raise OperatorError(f"--host {', '.join(unknown)}: the declaration has {known}")
    used = hosts_of(scores)
    if spare := sorted(set(wished) - used):
        raise OperatorError(f"--host {', '.join(spare)}: no Score uses it, so nothing powers it on")
    if wished and until == DONE:
        raise OperatorError(
            "--host needs --until STATE: with some hosts only, the Scores can't be carried out"
        )
    if not used and until != DONE:
        raise OperatorError(f"--until {until}: no Score uses a host, so none gets there")
    wanted = set(wished) or used
    return replace(site, hosts=tuple(host for host in site.hosts if host.name in wanted))
