"""Reading a config that somebody else wrote. Its bytes are never written again: what an installer made
is served as it is, and this reads it only to know what is in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from harmony.modules.ignition.errors import ConfigRefused
from harmony.modules.ignition.judgement import problems
from harmony.modules.ignition.problem import Problem
from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.version import SpecVersion

_VERSION = ("ignition", "version")
_READ = f"{SpecVersion.V3_0.text} to {SpecVersion.V3_5.text}"


def read(document: bytes, name: str) -> Config:
    """The config in `document`, or ConfigRefused with everything that is wrong in file `name`."""
    try:
        config = Config.model_validate_json(document)
    except ValidationError as wrong:
        refused = tuple(_misshapen(wrong.errors(include_url=False, include_context=False)))
        raise ConfigRefused(name, refused) from None
    if found := (*_said_twice(document), *problems(config)):
        raise ConfigRefused(name, found)
    return config


def _misshapen(errors: list[ErrorDetails]) -> Iterator[Problem]:
    """A version that isn't read is the only news: what else is new to us came with it."""
    for error in errors:
        if error["loc"] == _VERSION and error["type"] == "literal_error":
            yield Problem(_VERSION, f"is not one of {_READ}, which are read here")
            return
    for error in errors:
        unknown = error["type"] == "extra_forbidden"
        yield Problem(error["loc"], "is not a key of the spec" if unknown else error["msg"])


def _said_twice(document: bytes) -> tuple[Problem, ...]:
    """JSON leaves open which of two equal keys counts; Ignition takes both, the second over the first."""
    found: list[Problem] = []

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        twice = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        found.extend(Problem((), f"an object has the key {key} twice") for key in twice)
        return dict(pairs)

    json.loads(document, object_pairs_hook=once)
    return tuple(found)
