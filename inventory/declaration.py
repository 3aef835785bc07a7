"""The declaration as a document: the canonical JSON of a Site and of its Scores, and its digest.

The digest is what a rehearsal passes and a hand-over names: equal declarations, equal digests,
wherever in SITE.py they are written and in whatever order Scores are registered.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from inventory.contribution import Contribution
from inventory.errors import PeerError
from inventory.site import Site

_SITE = TypeAdapter(Site)
_CONTRIBUTION = TypeAdapter(Contribution)


class NotADocumentError(PeerError):
    """The bytes are not the JSON of what they should be."""


def canonical(document: Any) -> str:
    """JSON with sorted keys and no spaces: equal values, equal bytes."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(document: Any) -> str:
    """sha256, in hex, of the canonical JSON."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def site_document(site: Site) -> dict[str, Any]:
    document: dict[str, Any] = _SITE.dump_python(site, mode="json")
    return document


def declaration_document(site: Site, scores: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """`scores` are the documents of the Scores (harmony's `to_document`), in any order."""
    return {"site": site_document(site), "scores": sorted(scores, key=canonical)}


def contribution_json(contribution: Contribution) -> str:
    """Canonical, so that its digest is the contribution's ETag."""
    return canonical(_CONTRIBUTION.dump_python(contribution, mode="json"))


def read_contribution(text: str | bytes) -> Contribution:
    """Raises NotADocumentError."""
    try:
        return _CONTRIBUTION.validate_json(text)
    except ValidationError as error:
        raise NotADocumentError(f"not a contribution: {error}") from error
