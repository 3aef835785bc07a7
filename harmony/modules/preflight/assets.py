"""Are the files from elsewhere in the store, each with the digest that was declared?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from harmony.domain.asset import Asset
from harmony.domain.capability.asset_store import amount
from harmony.domain.preflight.finding import Finding, Seen, failure, pending, success


class Kept(Enum):
    """UNREAD: a file of that name is there, and reading it would take too long here."""

    RIGHT = auto()
    OTHER_CONTENT = auto()
    UNREAD = auto()
    PARTIAL = auto()
    MISSING = auto()


@dataclass(frozen=True, slots=True)
class KeptAsset:
    """`sha256` is of the content that was found, where it was read."""

    kept: Kept
    path: str
    size: int = 0
    sha256: str = ""


def judge_asset(asset: Asset, found: KeptAsset) -> Finding:
    seen: Seen = {
        "path": found.path,
        "size": found.size,
        "declared": asset.sha256,
        "sha256": found.sha256,
    }
    match found.kept:
        case Kept.RIGHT:
            return success(f"{amount(found.size)}, with the declared digest", seen)
        case Kept.OTHER_CONTENT:
            words = f"{found.path} has another content than declared: its sha256 is {found.sha256}"
            fix = f"{_FETCH}: it is set aside and downloaded again; or correct the digest"
            return failure(words, seen, fix)
        case Kept.UNREAD:
            words = f"{amount(found.size)} are there, and not verified since they were written"
            return pending(words, seen, _FETCH)
        case Kept.PARTIAL:
            return failure(f"only {amount(found.size)} of it are there", seen, _FETCH)
        case Kept.MISSING:
            return failure("it is not in the store", seen, _FETCH)


_FETCH = "run `provisioner fetch SITE.py`"
