from __future__ import annotations

import pytest
from pydantic import JsonValue

from harmony.modules.ignition.judgement import problems
from tests.harmony.modules.ignition.configs import Case, config, document, wrong
from tests.harmony.modules.ignition.rules.test_disks import disk, filesystem
from tests.harmony.modules.ignition.rules.test_fetching import (
    SHA256,
    fetched,
    merging,
    trusting,
)

pytestmark = pytest.mark.unit


def too_new(path: str, needed: str, declared: str) -> tuple[str, ...]:
    return (f"{path}: needs spec {needed}.0, and the config is {declared}.0",)


def twice(path: str) -> tuple[str, ...]:
    return (f"{path}: is in the config twice",)


def user(minor: int, **said: JsonValue) -> str:
    return document(minor, passwd={"users": [{"name": "a", **said}]})


_EMPTY: JsonValue = {"source": "data:,"}
_HASH = "storage.files[0].contents.verification.hash"
_CA = "ignition.security.tls.certificateAuthorities[0]"
CASES = {
    "empty": Case(document(0)),
    "sha256 of 3.0": Case(
        fetched(0, source="http://a", verification={"hash": SHA256}), too_new(_HASH, "3.1", "3.0")
    ),
    "sha256 of 3.1": Case(fetched(1, source="http://a", verification={"hash": SHA256})),
    "headers of 3.0": Case(
        fetched(0, source="http://a", httpHeaders=[]),
        too_new("storage.files[0].contents.httpHeaders", "3.1", "3.0"),
    ),
    "compressed config of 3.0": Case(
        merging({"source": "http://a", "compression": "gzip"}, minor=0),
        too_new("ignition.config.merge[0].compression", "3.1", "3.0"),
    ),
    "compressed file of 3.0": Case(fetched(0, source="http://a", compression="gzip")),
    "compressed CA of 3.0": Case(
        trusting({"source": "http://a", "compression": ""}, minor=0),
        too_new(f"{_CA}.compression", "3.1", "3.0"),
    ),
    "proxy of 3.0": Case(
        document(0, ignition={"proxy": {}}), too_new("ignition.proxy", "3.1", "3.0")
    ),
    "mount options of 3.0": Case(
        filesystem(0, format="xfs", mountOptions=[]),
        too_new("storage.filesystems[0].mountOptions", "3.1", "3.0"),
    ),
    "gs of 3.1": Case(
        fetched(1, source="gs://a/b"), too_new("storage.files[0].contents.source", "3.2", "3.1")
    ),
    "gs of 3.2": Case(fetched(2, source="gs://a/b")),
    "luks of 3.1": Case(document(1, storage={"luks": []}), too_new("storage.luks", "3.2", "3.1")),
    "user's end of 3.1": Case(
        user(1, shouldExist=True), too_new("passwd.users[0].shouldExist", "3.2", "3.1")
    ),
    "user's end of 3.2": Case(user(2, shouldExist=False)),
    "kernel arguments of 3.2": Case(
        document(2, kernelArguments={}), too_new("kernelArguments", "3.3", "3.2")
    ),
    "no format of 3.2": Case(
        filesystem(2, format="none"), too_new("storage.filesystems[0].format", "3.3", "3.2")
    ),
    "file twice": Case(
        document(storage={"files": [{"path": "/a"}, {"path": "/a"}]}), twice("storage.files[1]")
    ),
    "file and directory": Case(
        document(storage={"files": [{"path": "/a"}], "directories": [{"path": "/a"}]}),
        twice("storage.directories[0]"),
    ),
    "partition twice": Case(
        disk({"number": 1}, {"number": 1}),
        (
            *("storage.disks[0].partitions[1].number: is another partition's too",),
            *twice("storage.disks[0].partitions[1]"),
        ),
    ),
    "group twice": Case(user(3, groups=["a", "b", "a"]), twice("passwd.users[0].groups[2]")),
    "argument wanted and not": Case(
        document(kernelArguments={"shouldExist": ["a"], "shouldNotExist": ["a"]}),
        twice("kernelArguments.shouldNotExist[0]"),
    ),
    "merged twice": Case(
        merging({"source": "http://a"}, {"source": "http://a"}), twice("ignition.config.merge[1]")
    ),
    "appended twice": Case(
        document(
            storage={"files": [{"path": "/a", "append": [_EMPTY, _EMPTY]}]},
        )
    ),
}
# Of versions that Debian's ignition-validate doesn't know.
NEWER = {
    "arn of 3.3": Case(
        fetched(3, source="arn:aws:s3:::a/b"),
        too_new("storage.files[0].contents.source", "3.4", "3.3"),
    ),
    "arn of 3.4": Case(fetched(4, source="arn:aws:s3:::a/b")),
    "discard of 3.3": Case(
        document(storage={"luks": [{"name": "a", "device": "/a", "discard": True}]}),
        too_new("storage.luks[0].discard", "3.4", "3.3"),
    ),
    "cex of 3.4": Case(
        document(4, storage={"luks": [{"name": "a", "device": "/a", "cex": {}}]}),
        too_new("storage.luks[0].cex", "3.5", "3.4"),
    ),
}


@pytest.mark.parametrize("case", [*CASES.values(), *NEWER.values()], ids=[*CASES, *NEWER])
def test_versions_and_things_said_twice(case: Case) -> None:
    assert sorted(wrong(case.document)) == sorted(case.wrong)


def test_a_valid_config_has_no_problem() -> None:
    assert problems(config(5)) == ()
