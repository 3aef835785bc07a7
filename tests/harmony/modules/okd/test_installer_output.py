from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from harmony.domain.capability.cluster_installer import InstallationAssets
from harmony.modules.okd.installer_output import OutputRefused, ignition_files
from harmony.modules.okd.release import release_of

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
GOOD = b'{"ignition": {"version": "3.2.0"}}'


def assets(**files: bytes) -> InstallationAssets:
    named = {name.replace("_", "."): content for name, content in files.items()}
    return InstallationAssets("okd.home.example", 2, "4.14", "", NOW, False, named)


def test_only_ignition_files_and_byte_for_byte() -> None:
    made = assets(master_ign=GOOD, worker_ign=GOOD + b"\n", metadata_json=b"{")
    assert ignition_files(made, release_of("4.14")) == {
        "master.ign": GOOD,
        "worker.ign": GOOD + b"\n",
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "master.ign of generation 2 of okd.home.example is not an Ignition config"),
        (b'{"ignition": {"version": "2.2.0"}}', "ignition.version: is not one of 3.0.0 to 3.5.0"),
        (b'{"ignition": {"version": "3.2.0"}, "key": 1}', "key: is not a key of the spec"),
        (b'{"ignition": {"version": "3.5.0"}}', "OKD 4.14 reads 3.4.0 at most"),
    ],
)
def test_what_would_not_boot(content: bytes, words: str) -> None:
    with pytest.raises(OutputRefused) as raised:
        ignition_files(assets(master_ign=content), release_of("4.14"))
    assert words in str(raised.value)


def test_nothing_that_the_file_holds_is_told() -> None:
    file = {"path": "no/root", "contents": {"source": "data:,hunter2"}}
    content = json.dumps({"ignition": {"version": "3.2.0"}, "storage": {"files": [file]}})
    with pytest.raises(OutputRefused) as raised:
        ignition_files(assets(master_ign=content.encode()), release_of("4.19"))
    assert "storage.files[0].path" in str(raised.value)
    assert "hunter2" not in str(raised.value)
