from __future__ import annotations

import tomllib
from urllib.parse import unquote

import pytest

from harmony.modules.kubernetes.container_runtime import container_runtime
from tests.harmony.modules.kubernetes.examples import assets

pytestmark = pytest.mark.unit

CONFIG = container_runtime(assets())


def test_containerd_finds_the_plugins_and_the_pause_image() -> None:
    text = unquote(CONFIG.storage.files[0].contents.source.removeprefix("data:,"))
    cri = tomllib.loads(text)["plugins"]["io.containerd.grpc.v1.cri"]
    assert cri == {
        "sandbox_image": "docker.io/harmony/pause:1",
        "cni": {"bin_dir": "/usr/lib/cni", "conf_dir": "/etc/cni/net.d"},
    }


def test_images_are_fetched_verified_and_imported_after_containerd() -> None:
    archive = CONFIG.storage.files[1]
    assert archive.contents.verification is not None
    importing = CONFIG.systemd.units[1]
    assert importing.contents is not None
    assert "After=containerd.service" in importing.contents
    assert f"ctr -n k8s.io images import {archive.path}" in importing.contents
