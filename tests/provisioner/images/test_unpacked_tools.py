"""Programs run from where they were unpacked before the machine's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.images.unpacked_tools import environment

pytestmark = pytest.mark.unit


def test_what_the_tree_has_comes_first_and_what_it_lacks_is_not_named(tmp_path: Path) -> None:
    for folder in ("usr/bin", "usr/sbin", "usr/lib/x86_64-linux-gnu"):
        (tmp_path / folder).mkdir(parents=True)
    assert environment(tmp_path, {"PATH": "/usr/bin"}) == {
        "PATH": f"{tmp_path}/usr/sbin:{tmp_path}/usr/bin:/usr/bin",
        "LD_LIBRARY_PATH": f"{tmp_path}/usr/lib/x86_64-linux-gnu",
        "PERL5LIB": "",
    }
