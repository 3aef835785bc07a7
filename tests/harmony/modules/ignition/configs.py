"""Configs as JSON for the tests, and what is found wrong in them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass

from pydantic import JsonValue

from harmony.modules.ignition.errors import ConfigRefused
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.spec.config import Config


@dataclass(frozen=True)
class Case:
    """A config, and each line of what is wrong with it: none when it is valid."""

    document: str
    wrong: tuple[str, ...] = ()


def document(minor: int = 3, ignition: JsonValue = None, **sections: JsonValue) -> str:
    more = ignition if isinstance(ignition, dict) else {}
    return json.dumps({"ignition": {"version": f"3.{minor}.0", **more}, **sections})


def config(minor: int = 3, ignition: JsonValue = None, **sections: JsonValue) -> Config:
    return read(document(minor, ignition, **sections).encode(), "test")


def layer(contributor: str, **sections: JsonValue) -> Layer:
    return Layer(contributor, config(5, **sections))


def wrong(text: str) -> tuple[str, ...]:
    """What our own judgement finds."""
    try:
        read(text.encode(), "test")
    except ConfigRefused as refused:
        return tuple(str(problem) for problem in refused.problems)
    return ()


def accepted_by_ignition(text: str) -> bool:
    """By the real ignition-validate, which takes an unknown key for a warning: an error here."""
    command = ["ignition-validate", "-"]
    judged = subprocess.run(command, input=text, capture_output=True, text=True)
    return judged.returncode == 0 and "unused key " not in (judged.stdout + judged.stderr).lower()
