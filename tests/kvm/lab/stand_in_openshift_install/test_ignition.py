from __future__ import annotations

import json
import subprocess

import pytest

from harmony.modules.ignition.judgement import problems
from harmony.modules.ignition.reading import read
from harmony.modules.ignition.version import SpecVersion
from kvm.lab.stand_in_openshift_install import ignition, install_config
from tests.kvm.lab.stand_in_openshift_install.configs import text

pytestmark = pytest.mark.protocol

CONFIG = install_config.read(text())
SINGLE = install_config.read(text(1, "/dev/vda"))
WITHOUT_KEY = install_config.read(text().replace("sshKey", "credentialsMode"))
FILES = {"manifests/a.yml": "kind: A\n", "tls/root-ca.crt": "certificate"}
WRITTEN = {
    "bootstrap": ignition.bootstrap(CONFIG, FILES),
    "bootstrap, without a key": ignition.bootstrap(WITHOUT_KEY, FILES),
    "in place": ignition.in_place(SINGLE, FILES),
    "pointer": ignition.pointer(CONFIG.domain, "master", "certificate"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_engine_and_our_own_judge_take_it(name: str) -> None:
    judged = subprocess.run(
        ["ignition-validate", "-"], input=WRITTEN[name], text=True, capture_output=True, check=False
    )
    assert (judged.returncode, judged.stdout, judged.stderr) == (0, "", "")
    found = read(WRITTEN[name].encode(), name)
    assert (found.version, problems(found)) == (SpecVersion.V3_2, ())


def test_a_pointer_as_released_installers_write_it() -> None:
    source = "https://api-int.okd.home.example:22623/config/master"
    nothing: dict[str, str] = {}
    trusted = {
        "source": "data:text/plain;charset=utf-8;base64,Y2VydGlmaWNhdGU=",
        "verification": nothing,
    }
    assert json.loads(WRITTEN["pointer"]) == {
        "ignition": {
            "config": {
                "merge": [{"source": source, "verification": nothing}],
                "replace": {"verification": nothing},
            },
            "proxy": {},
            "security": {"tls": {"certificateAuthorities": [trusted]}},
            "timeouts": {},
            "version": "3.2.0",
        },
        "passwd": {},
        "storage": {},
        "systemd": {},
    }


@pytest.mark.parametrize(
    ("name", "beyond", "unit"),
    [
        ("bootstrap", set[str](), "bootkube.service"),
        ("in place", {"/opt/openshift/installation-disk"}, "install-to-disk.service"),
    ],
)
def test_what_is_on_the_machine(name: str, beyond: set[str], unit: str) -> None:
    found = read(WRITTEN[name].encode(), name)
    script = unit.replace(".service", ".sh")
    assert {file.path for file in found.storage.files} == beyond | {
        "/opt/openshift/manifests/a.yml",
        "/opt/openshift/tls/root-ca.crt",
        "/root/.docker/config.json",
        f"/usr/local/bin/{script}",
    }
    assert [one.name for one in found.systemd.units] == [unit]
