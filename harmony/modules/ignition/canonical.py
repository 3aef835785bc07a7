"""The one spelling of a config: equal configs are equal bytes; a second run changes nothing."""

from __future__ import annotations

import json

from pydantic import JsonValue

from harmony.modules.ignition import model
from harmony.modules.ignition.spec.config import Config


def canonical_json(config: model.Config | Config) -> str:
    """`config` as JSON with sorted keys, no spaces, and nothing that says nothing."""
    return json.dumps(
        _pruned(config.model_dump(mode="json", exclude_none=True)),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def _pruned(value: JsonValue) -> JsonValue:
    """Without empty lists and sections, at every depth; empty strings and `false` stay."""
    if isinstance(value, dict):
        pairs = ((key, _pruned(inner)) for key, inner in value.items())
        return {key: inner for key, inner in pairs if inner not in ({}, [])}
    if isinstance(value, list):
        return [_pruned(inner) for inner in value]
    return value
