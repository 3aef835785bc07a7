"""What Scores need that isn't where it was said to be: known before anything is built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from harmony.domain.order import AnyScore
from harmony.domain.score import title
from harmony.modules.kubernetes.cluster import KubernetesCluster
from inventory.codes import Code
from inventory.diagnostic import Diagnostic
from inventory.place import place_of
from provisioner.images.kubernetes import missing_programs


def missing_assets(scores: Iterable[AnyScore], kubernetes_binaries: Path) -> Iterator[Diagnostic]:
    """A finding for each cluster whose programs are not all in the folder that was given."""
    missing = missing_programs(kubernetes_binaries)
    for score in scores:
        if missing and isinstance(score, KubernetesCluster):
            yield Diagnostic(
                Code.MISSING_ARTIFACT,
                f"{title(score)} lacks {', '.join(missing)}: not in {kubernetes_binaries}",
                place_of(score),
                "its nodes run them",
                help=("add them to the folder; without --kubernetes-binaries they are built",),
            )
