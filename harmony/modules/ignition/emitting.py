"""Writing a config out of the layers that Scores contribute, in the lowest version that can say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import reduce

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.contributors import contributors
from harmony.modules.ignition.errors import LayersRefused, SourceRefused
from harmony.modules.ignition.judgement import problems
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.merging import EMPTY, merge
from harmony.modules.ignition.needs import needs
from harmony.modules.ignition.problem import Problem
from harmony.modules.ignition.resolving import content
from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.spec.part import parts_of
from harmony.modules.ignition.spec.resource import Resource
from harmony.modules.ignition.version import SpecVersion

# Every release that reads spec 3 reads 3.2; older ones would only be more kinds of output.
LOWEST = SpecVersion.V3_2


def emitted(layers: Sequence[Layer], at_most: SpecVersion = LOWEST) -> str:
    """The JSON of all `layers`, later ones winning, for a release that reads up to `at_most`.

    LayersRefused names each field that is wrong, or that needs a newer version, and whose it is."""
    config = said(outcome(layers))
    if found := tuple(_too_new(config, at_most)):
        raise LayersRefused(_blamed(config, layers, found))
    lowest = max((need.version for need in needs(config)), default=LOWEST)
    version = max(LOWEST, lowest).text
    section = config.ignition.model_copy(update={"version": version})
    return canonical_json(config.model_copy(update={"ignition": section}))


def outcome(layers: Sequence[Layer]) -> Config:
    """What `layers` are together, judged one by one and as a whole."""
    for layer in layers:
        if found := problems(layer.config):
            raise LayersRefused(_blamed(layer.config, (layer,), found))
    config = said(reduce(merge, (layer.config for layer in layers), EMPTY))
    if found := (*problems(config), *_unfaithful(config)):
        raise LayersRefused(_blamed(config, layers, found))
    return config


def said(config: Config) -> Config:
    """`config` without what says nothing: an empty list of a newer version needs no newer version."""
    return Config.model_validate_json(canonical_json(config))


def _unfaithful(config: Config) -> Iterator[Problem]:
    """What only the outcome shows: a source of one layer, a digest or a compression of another."""
    for at, part in parts_of(config):
        if isinstance(part, Resource) and (part.source or "").startswith("data:"):
            try:
                content(part, {})
            except SourceRefused as wrong:
                yield Problem(at, f"{wrong} (what a layer doesn't say of it, the one before says)")


def _too_new(config: Config, at_most: SpecVersion) -> Iterator[Problem]:
    for need in needs(config):
        if need.version > at_most:
            yield Problem(
                need.path,
                f"needs spec {need.version.text}; the release reads {at_most.text} at most",
            )


def _blamed(
    config: Config, layers: Sequence[Layer], found: Sequence[Problem]
) -> tuple[Problem, ...]:
    return tuple(
        replace(problem, contributors=contributors(config, layers, problem.path))
        for problem in found
    )
