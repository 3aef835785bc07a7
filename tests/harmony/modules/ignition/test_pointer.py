from __future__ import annotations

import hashlib
import json

import pytest
from pydantic import JsonValue

from harmony.modules.ignition import model
from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.errors import ConfigRefused, LayersRefused, SourceRefused
from harmony.modules.ignition.layer import Layer
from harmony.modules.ignition.pointer import Untouched, pointer
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.resolving import resolved
from harmony.modules.ignition.version import SpecVersion
from tests.harmony.modules.ignition.configs import document, layer

pytestmark = pytest.mark.unit

# As the installer writes it, sections that say nothing and all: from it the machine goes on to the
# machine config server. Source: pkg/asset/ignition/machine/node.go of openshift/installer
MCS = "https://api-int.c.example:22623/config/master"
MASTER = (
    '{"ignition":{"config":{"merge":[{"source":"' + MCS + '"}],"replace":{"verification":{}}},'
    '"proxy":{},"security":{"tls":{"certificateAuthorities":[{"source":'
    '"data:text/plain;charset=utf-8;base64,Y2E=","verification":{}}]}},"timeouts":{},'
    '"version":"3.2.0"},"passwd":{},"storage":{},"systemd":{}}'
).encode()
URL = "https://10.7.0.1/t/abc/master.ign"
INSTALLER = Untouched("master.ign", URL, MASTER)


def hostname(name: str) -> Layer:
    file = model.File(path="/etc/hostname", contents=inline(name))
    return Layer.written("Hostname", model.Config(storage=model.Storage(files=(file,))))


def served(**files: JsonValue) -> dict[str, bytes]:
    mcs = document(2, storage={"files": [{"path": path, **_of(of)} for path, of in files.items()]})
    return {URL: MASTER, MCS: mcs.encode()}


def _of(source: JsonValue) -> dict[str, JsonValue]:
    return {"contents": {"source": source}}


def test_a_machine_gets_the_installers_config_and_its_own_additions_over_it() -> None:
    found = read(pointer(INSTALLER, [hostname("cp1")]).encode(), "pointer")
    assert found.version is SpecVersion.V3_2
    assert found.ignition.config.merge[0].verification.hash == (
        f"sha512-{hashlib.sha512(MASTER).hexdigest()}"
    )
    whole = resolved(found, served(**{"/etc/hostname": "data:,mcs", "/etc/other": "data:,o"}))
    contents = {file.path: file.contents.source for file in whole.storage.files}
    assert contents == {"/etc/hostname": "data:,cp1", "/etc/other": "data:,o"}


def test_an_installers_file_that_was_touched_is_refused_by_the_machine() -> None:
    found = read(pointer(INSTALLER, [hostname("cp1")]).encode(), "pointer")
    with pytest.raises(SourceRefused, match=URL):
        resolved(found, {URL: MASTER + b" "})


def test_the_server_of_the_file_is_trusted_from_the_start() -> None:
    found = json.loads(pointer(INSTALLER, [], ca="CA of the site"))
    assert found["ignition"]["security"]["tls"] == {
        "certificateAuthorities": [{"source": "data:,CA%20of%20the%20site"}]
    }
    assert "security" not in json.loads(pointer(INSTALLER, []))["ignition"]


def test_the_same_additions_are_the_same_bytes() -> None:
    assert pointer(INSTALLER, [hostname("cp1")]) == pointer(INSTALLER, [hostname("cp1")])


def test_a_file_that_is_no_config_is_found_before_a_machine_finds_it() -> None:
    with pytest.raises(ConfigRefused, match=r"^master\.ign is not"):
        pointer(Untouched("master.ign", URL, MASTER[:-1]), [])


def test_additions_that_do_not_go_with_the_file_are_refused_with_their_name() -> None:
    link = document(storage={"links": [{"path": "/etc", "target": "/b"}]}).encode()
    with pytest.raises(LayersRefused) as refused:
        pointer(Untouched("worker.ign", URL, link), [hostname("w1")])
    assert [str(problem) for problem in refused.value.problems] == [
        "storage.files[0].path: leads through a link of the same config (from Hostname)"
    ]


def test_additions_are_of_a_version_that_the_release_reads() -> None:
    kargs = layer("Kargs", kernelArguments={"shouldExist": ["a"]})
    with pytest.raises(LayersRefused, match=r"kernelArguments: needs spec 3\.3\.0.*from Kargs"):
        pointer(INSTALLER, [kargs])
    assert resolved(
        read(pointer(INSTALLER, [kargs], at_most=SpecVersion.V3_4).encode(), "pointer"), served()
    ).kernelArguments.shouldExist == ("a",)
