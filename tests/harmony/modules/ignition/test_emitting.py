from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from pydantic import JsonValue

from harmony.modules.ignition.emitting import emitted, outcome
from harmony.modules.ignition.errors import LayersRefused
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.merging import EMPTY
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.spec.config import Config
from harmony.modules.ignition.version import SpecVersion
from tests.harmony.modules.ignition.configs import config, layer
from tests.harmony.modules.ignition.generated import configs

pytestmark = pytest.mark.unit

LUKS: JsonValue = {"name": "l", "device": "/dev/a"}
DISCARDING: JsonValue = {"name": "l", "discard": True, "device": "/dev/a"}
CEX: JsonValue = {"name": "l", "cex": {"enabled": True}, "device": "/dev/a"}


def file(contributor: str, **said: JsonValue) -> Layer:
    return layer(contributor, storage={"files": [{"path": "/a", **said}]})


def refused(*layers: Layer, at_most: SpecVersion = SpecVersion.V3_2) -> tuple[str, ...]:
    with pytest.raises(LayersRefused) as wrong:
        emitted(layers, at_most)
    return tuple(str(problem) for problem in wrong.value.problems)


@pytest.mark.parametrize(
    "sections, version",
    [
        ({}, "3.2.0"),
        ({"storage": {"luks": [LUKS]}}, "3.2.0"),
        ({"kernelArguments": {"shouldExist": []}}, "3.2.0"),
        ({"kernelArguments": {"shouldExist": ["a"]}}, "3.3.0"),
        ({"storage": {"luks": [DISCARDING]}, "kernelArguments": {"shouldExist": ["a"]}}, "3.4.0"),
        ({"storage": {"luks": [CEX]}}, "3.5.0"),
    ],
)
def test_the_lowest_version_that_can_say_it(sections: dict[str, JsonValue], version: str) -> None:
    document = emitted([layer("A", **sections)], SpecVersion.V3_5)
    assert json.loads(document)["ignition"] == {"version": version}


def test_what_needs_a_newer_version_is_named_with_whose_it_is() -> None:
    layers = (
        layer("Kargs", kernelArguments={"shouldExist": ["a"]}),
        layer("Disks", storage={"luks": [DISCARDING]}),
        layer("Tmp", storage={"directories": [{"path": "/t", "mode": 0o1777}]}),
    )
    old = "the release reads 3.2.0 at most"
    assert refused(*layers) == (
        f"kernelArguments: needs spec 3.3.0; {old} (from Kargs)",
        f"storage.luks[0].discard: needs spec 3.4.0; {old} (from Disks)",
        f"storage.directories[0].mode: needs spec 3.6.0; {old} (from Tmp)",
    )


def test_later_layers_win_and_equal_layers_are_equal_bytes() -> None:
    layers = [file("A", mode=420, contents={"source": "data:,a"}), file("B", mode=384)]
    assert (
        emitted(layers)
        == emitted(layers)
        == (
            '{"ignition":{"version":"3.2.0"},"storage":{"files":'
            '[{"contents":{"source":"data:,a"},"mode":384,"path":"/a"}]}}'
        )
    )


def test_a_layer_that_is_wrong_by_itself() -> None:
    bare = Config.model_validate({"ignition": {"version": "3.2.0"}, "storage": {"raid": [RAID]}})
    assert refused(file("A"), Layer("Raid", bare)) == (
        "storage.raid[0].devices: is required (from Raid)",
    )


RAID: JsonValue = {"name": "r", "level": "raid1"}


def test_layers_that_are_wrong_together() -> None:
    link = layer("Links", storage={"links": [{"path": "/l", "target": "/b"}]})
    below = layer("Files", storage={"files": [{"path": "/l/f"}]})
    assert refused(link, below) == (
        "storage.files[0].path: leads through a link of the same config (from Files)",
    )


@pytest.mark.parametrize(
    "left, wrong",
    [
        ({"compression": "gzip"}, "a data: URL is not gzip, as its compression says"),
        (
            {"verification": {"hash": "sha256-" + "0" * 64}},
            "a data: URL has sha256 "
            f"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb, not {'0' * 64}",
        ),
    ],
)
def test_a_source_with_what_another_layer_said_of_its_own(left: JsonValue, wrong: str) -> None:
    beneath: dict[str, JsonValue] = {"source": "http://a"}
    layers = (
        file("bootstrap.ign", contents=beneath | (left if isinstance(left, dict) else {})),
        file("Files", contents={"source": "data:,a"}),
    )
    assert refused(*layers) == (
        f"storage.files[0].contents: {wrong} (what a layer doesn't say of it, the one before says)"
        " (from bootstrap.ign, Files)",
    )


def test_the_outcome_of_nothing_is_the_empty_config() -> None:
    assert outcome(()) == EMPTY
    assert emitted(()) == '{"ignition":{"version":"3.2.0"}}'


@settings(max_examples=40)
@given(configs())
def test_what_is_emitted_says_the_same(one: Config) -> None:
    back = read(emitted([Layer("A", one)], SpecVersion.V3_3).encode(), "emitted")
    assert back.storage == one.storage
    assert back.systemd == one.systemd
    assert back.version in (SpecVersion.V3_2, SpecVersion.V3_3)
    assert outcome([Layer("A", back), Layer("B", config(0))]).passwd == one.passwd
