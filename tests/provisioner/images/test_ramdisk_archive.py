"""The archive, as cpio reads it."""

from __future__ import annotations

import subprocess

import pytest

from provisioner.images.ramdisk_archive import (
    CharacterDevice,
    RegularFile,
    SymbolicLink,
    archive,
)

pytestmark = pytest.mark.unit

ENTRIES = (
    CharacterDevice("/dev/console", 5, 1),
    RegularFile("/init", b"#!/bin/sh\n", 0o755),
    RegularFile("/etc/empty", b""),
    SymbolicLink("/bin/sh", "busybox"),
    RegularFile("/lib/modules/6.1/a.ko", b"abc"),
)


def cpio(*options: str) -> str:
    return subprocess.run(
        ["busybox", "cpio", *options], input=archive(ENTRIES), check=True, capture_output=True
    ).stdout.decode()


def test_every_entry_with_its_folders_before_it() -> None:
    assert cpio("-t").split() == [
        "dev",
        "dev/console",
        "init",
        "etc",
        "etc/empty",
        "bin",
        "bin/sh",
        "lib",
        "lib/modules",
        "lib/modules/6.1",
        "lib/modules/6.1/a.ko",
    ]


def test_kinds_rights_and_owners() -> None:
    listed = {line.split()[-1]: line.split()[:3] for line in cpio("-tv").splitlines()}
    assert listed["init"][0] == "-rwxr-xr-x"
    assert listed["dev/console"][0] == "crw-------"
    assert listed["etc"][0] == "drwxr-xr-x"
    assert "bin/sh -> busybox" in cpio("-tv")
    assert {words[1] for words in listed.values()} == {"0/0"} or all(
        words[1].startswith("0") or words[1].startswith("root") for words in listed.values()
    )


def test_the_same_entries_make_the_same_bytes() -> None:
    assert archive(ENTRIES) == archive(ENTRIES)
    assert len(archive(ENTRIES)) % 4 == 0
