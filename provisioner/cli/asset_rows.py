"""Assets as rows of the board: how far each download is, until it is in the store."""

from __future__ import annotations

from harmony.domain.capability.asset_store import Fetching, amount
from inventory.contribution import Artifact
from provisioner.cli.board import RowChanged, RowKind


def asset_row(told: Fetching | Artifact) -> RowChanged:
    """The row that says what the store has just said."""
    if isinstance(told, Artifact):
        return RowChanged(RowKind.ASSET, told.name, "finished", amount(told.size))
    if told.verifying:
        return RowChanged(RowKind.ASSET, told.name, "verifying", amount(told.done))
    size = "so far" if told.size is None else f"of {amount(told.size)}"
    words = f"{amount(told.done)} {size}" if told.done else ""
    left = f", {told.remaining_words}" if told.remaining_words else ""
    return RowChanged(RowKind.ASSET, told.name, "downloading", words + left, told.percent)
