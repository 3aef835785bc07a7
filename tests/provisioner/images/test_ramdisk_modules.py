"""Modules, their order and the tables busybox reads, on modules made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.images.ramdisk_errors import MissingModule
from provisioner.images.ramdisk_modules import (
    Module,
    alias_table,
    choose_modules,
    dependency_table,
    read_module,
)

pytestmark = pytest.mark.unit


def module_file(**modinfo: str) -> bytes:
    strings = b"".join(f"{key}={value}\0".encode() for key, value in modinfo.items())
    return b"\x7fELF code depends on nothing\0" + strings + b"more code"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """ice needs virtio-ring needs core; card has a soft need that exists and one that doesn't."""
    for path, content in {
        "kernel/core.ko": module_file(depends="", name="core"),
        "kernel/virtio-ring.ko": module_file(depends="core"),
        "kernel/ice.ko": module_file(alias="pci:v00008086d*", depends="virtio-ring"),
        "kernel/card.ko": module_file(depends="core", softdep="pre: ice absent post: later"),
        "kernel/unused.ko": module_file(depends=""),
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    (tmp_path / "modules.builtin").write_text("kernel/drivers/rtc/rtc-cmos.ko\n")
    return tmp_path


def test_what_a_module_says_of_itself() -> None:
    content = module_file(alias="pci:a*", depends="x,y-z", softdep="pre: crc32c")
    assert read_module("kernel/my-net.ko", content) == Module(
        "my_net", "kernel/my-net.ko", ("x", "y_z", "crc32c"), ("pci:a*",)
    )


def test_the_closure_comes_in_order(tree: Path) -> None:
    names = [module.name for module in choose_modules(tree, ["card", "rtc_cmos"])]
    assert names == ["core", "virtio_ring", "ice", "card"]


def test_a_module_that_is_nowhere(tree: Path) -> None:
    with pytest.raises(MissingModule, match="no module gone"):
        choose_modules(tree, ["gone"])


def test_the_tables(tree: Path) -> None:
    modules = choose_modules(tree, ["card"])
    assert dependency_table(modules) == (
        "kernel/core.ko:\n"
        "kernel/virtio-ring.ko: kernel/core.ko\n"
        "kernel/ice.ko: kernel/virtio-ring.ko kernel/core.ko\n"
        "kernel/card.ko: kernel/ice.ko kernel/virtio-ring.ko kernel/core.ko\n"
    )
    assert alias_table(modules) == "alias pci:v00008086d* ice\n"
