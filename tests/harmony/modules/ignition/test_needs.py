from __future__ import annotations

import pytest
from pydantic import JsonValue

from harmony.modules.ignition.needs import needs
from harmony.modules.ignition.problem import dotted
from tests.harmony.modules.ignition.configs import config

pytestmark = pytest.mark.unit

_RESOURCE: JsonValue = {
    "source": "http://a",
    "compression": "gzip",
    "verification": {"hash": "sha256-" + "0" * 64},
}


def test_what_needs_more_than_3_0() -> None:
    whole = config(
        5,
        ignition={
            "config": {"replace": _RESOURCE, "merge": [_RESOURCE]},
            "security": {"tls": {"certificateAuthorities": [_RESOURCE]}},
            "proxy": {"noProxy": ["a"]},
        },
        storage={
            "files": [
                {"path": "/a", "mode": 0o4755, "contents": _RESOURCE},
                {"path": "/b", "append": [{"source": "gs://a/b"}]},
            ],
            "directories": [{"path": "/c", "mode": 0o1777}],
            "disks": [{"device": "/dev/a", "partitions": [{"number": 1, "resize": True}]}],
            "filesystems": [{"device": "/dev/b", "format": "none"}],
            "luks": [{"name": "l", "device": "/dev/c", "openOptions": [], "cex": {}}],
        },
        passwd={"users": [{"name": "u", "shouldExist": True}]},
        kernelArguments={"shouldExist": ["a"]},
    )
    found = {dotted(need.path): need.version.text for need in needs(whole)}
    assert found == {
        "ignition.proxy": "3.1.0",
        "ignition.config.replace.compression": "3.1.0",
        "ignition.config.replace.verification.hash": "3.1.0",
        "ignition.config.merge[0].compression": "3.1.0",
        "ignition.config.merge[0].verification.hash": "3.1.0",
        "ignition.security.tls.certificateAuthorities[0].compression": "3.1.0",
        "ignition.security.tls.certificateAuthorities[0].verification.hash": "3.1.0",
        "storage.files[0].mode": "3.6.0",
        "storage.files[0].contents.verification.hash": "3.1.0",
        "storage.files[1].append[0].source": "3.2.0",
        "storage.directories[0].mode": "3.6.0",
        "storage.disks[0].partitions[0].resize": "3.2.0",
        "storage.filesystems[0].format": "3.3.0",
        "storage.luks": "3.2.0",
        "storage.luks[0].openOptions": "3.4.0",
        "storage.luks[0].cex": "3.5.0",
        "passwd.users[0].shouldExist": "3.2.0",
        "kernelArguments": "3.3.0",
    }


def test_nothing_needs_nothing() -> None:
    assert list(needs(config(5, storage={"files": [{"path": "/a", "mode": 420}]}))) == []
