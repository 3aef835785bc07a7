from __future__ import annotations

import pytest

from harmony.modules.ignition.canonical import canonical_json
from harmony.modules.ignition.contents import inline
from harmony.modules.ignition.model import Config, File, Storage, Systemd, Unit

pytestmark = pytest.mark.unit


def test_whole_document() -> None:
    config = Config(
        storage=Storage(files=(File(path="/etc/hostname", contents=inline("cp1\n"), mode=0o600),)),
        systemd=Systemd(units=(Unit(name="etcd.service", mask=True),)),
    )
    assert canonical_json(config) == (
        '{"ignition":{"version":"3.3.0"},'
        '"storage":{"files":[{"contents":{"source":"data:,cp1%0A"},'
        '"mode":384,"overwrite":true,"path":"/etc/hostname"}]},'
        '"systemd":{"units":[{"mask":true,"name":"etcd.service"}]}}'
    )


def test_nothing_says_nothing() -> None:
    assert canonical_json(Config()) == '{"ignition":{"version":"3.3.0"}}'


def test_comes_back_as_the_same_value() -> None:
    config = Config(storage=Storage(files=(File(path="/a", contents=inline("")),)))
    assert Config.model_validate_json(canonical_json(config)) == config
