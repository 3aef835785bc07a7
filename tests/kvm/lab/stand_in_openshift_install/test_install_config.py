from __future__ import annotations

import pytest
import yaml
from pydantic import JsonValue

from kvm.lab.stand_in_openshift_install.install_config import (
    InstallConfig,
    RefusedInstallConfig,
    read,
)
from tests.kvm.lab.stand_in_openshift_install.configs import (
    PULL_SECRET,
    SSH_KEY,
    document,
    text,
)

pytestmark = pytest.mark.unit


def test_what_it_reads() -> None:
    found = read(text(1, "/dev/vda"))
    assert found == InstallConfig("okd", "home.example", 1, PULL_SECRET, SSH_KEY, "/dev/vda")
    assert found.domain == "okd.home.example"
    assert PULL_SECRET not in repr(found)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("apiVersion", "v2", "apiVersion: Invalid value"),
        ("baseDomain", None, "baseDomain: Required value"),
        ("metadata", {}, "metadata.name: Required value"),
        ("metadata", "okd", "metadata.name: Required value"),
        ("platform", {"aws": {}}, "platform: must be none"),
        ("pullSecret", "secret", "pullSecret: Invalid value"),
        ("pullSecret", "[]", "pullSecret: Invalid value"),
    ],
)
def test_what_it_refuses(key: str, value: JsonValue, words: str) -> None:
    with pytest.raises(RefusedInstallConfig, match=words):
        read(yaml.safe_dump({**document(), key: value}))


@pytest.mark.parametrize("written", ["", "- a", "{", "text"])
def test_no_install_config(written: str) -> None:
    with pytest.raises(RefusedInstallConfig):
        read(written)
