"""Encrypted volumes, and what opens them."""

from __future__ import annotations

import json

from harmony.modules.ignition.rules.finding import Findings
from harmony.modules.ignition.rules.path_form import path_problem
from harmony.modules.ignition.spec.luks import Clevis, ClevisCustom, Luks, Tang
from harmony.modules.ignition.spec.part import Part
from harmony.modules.ignition.url_form import scheme_of

_PINS = ("tpm2", "tang", "sss")
_LONGEST_LABEL = 47


def findings(part: Part) -> Findings:
    match part:
        case Luks():
            yield from _luks(part)
        case Clevis():
            if part.custom.pin and (part.tang or part.tpm2 or part.threshold):
                yield ("custom",), "excludes tang, tpm2 and threshold"
        case ClevisCustom():
            yield from _custom(part)
        case Tang():
            yield from _tang(part)
        case _:
            pass


def _luks(luks: Luks) -> Findings:
    if "/" in luks.name:
        yield ("name",), "has a slash"
    if len((luks.label or "").encode()) > _LONGEST_LABEL:
        yield ("label",), f"is longer than {_LONGEST_LABEL} bytes"
    if wrong := path_problem(luks.device or ""):
        yield ("device",), wrong
    if luks.cex.enabled and (_opens(luks.clevis) or luks.keyFile.source):
        yield ("cex",), "excludes clevis and keyFile"


def _opens(clevis: Clevis) -> bool:
    return bool(clevis.custom.pin or clevis.tang or clevis.tpm2 or clevis.threshold)


def _custom(custom: ClevisCustom) -> Findings:
    if not (custom.pin or custom.config or custom.needsNetwork):
        return
    if custom.pin not in _PINS:
        yield ("pin",), f"is not one of {', '.join(_PINS)}"
    if not custom.config:
        yield ("config",), "is required"


def _tang(tang: Tang) -> Findings:
    if scheme_of(tang.url) not in ("http", "https"):
        yield ("url",), "is not an http or https URL"
    if not tang.thumbprint:
        yield ("thumbprint",), "is required"
    if tang.advertisement and not _is_json(tang.advertisement):
        yield ("advertisement",), "is not JSON"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
