from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kvm.lab.accounts import with_account

pytestmark = pytest.mark.unit

ROOT = "root:x:0:0:root:/root:/bin/bash"
QEMU = "libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin"


@pytest.mark.parametrize(
    "before, after",
    [
        ("", f"{QEMU}\n"),
        (f"{ROOT}\n", f"{ROOT}\n{QEMU}\n"),
        (ROOT, f"{ROOT}\n{QEMU}\n"),
        ("libvirt-qemu-2:x:1:1::/:/bin/sh\n", f"libvirt-qemu-2:x:1:1::/:/bin/sh\n{QEMU}\n"),
    ],
)
def test_it_is_added_at_the_end(before: str, after: str) -> None:
    assert with_account(before, QEMU) == after


def test_an_account_of_that_name_stays_as_it_is() -> None:
    own = f"libvirt-qemu:x:101:101::/:/bin/false\n{ROOT}"
    assert with_account(own, QEMU) == own


@given(st.text(alphabet="ab:\n"))
def test_twice_is_once(text: str) -> None:
    once = with_account(text, QEMU)
    assert with_account(once, QEMU) == once
    assert once.startswith(text)
