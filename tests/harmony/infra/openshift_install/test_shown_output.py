from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.infra.openshift_install.shown_output import last_lines

pytestmark = pytest.mark.unit

AUTH = "aWQ6cGFzc3dvcmQ="
PULL_SECRET = json.dumps({"auths": {"quay.io": {"auth": AUTH, "email": "me@home.example"}}})
KEY = "-----BEGIN EC PRIVATE" + " KEY-----\nMHcCAQEE\n-----END EC PRIVATE" + " KEY-----"


@pytest.mark.parametrize(
    ("output", "shown"),
    [
        ("", ()),
        ("a\n\n  b  \n", ("a", "b")),
        ("a\x1b[31mred\x07\n", ("a[31mred",)),
        (f"pullSecret: {PULL_SECRET}\nend", ("pullSecret: (secret)", "end")),
        (f"msg={json.dumps(PULL_SECRET)}", ('msg="(secret)"',)),
        (f"no login {AUTH} at quay.io", ("no login (secret) at quay.io",)),
        (f"before\n{KEY}\nafter", ("before", "(secret)", "after")),
        (f"before\n{KEY[:40]}", ("before", "(secret)")),
        (
            'user: "kubeadmin", and password: "abc-def"',
            ('user: "kubeadmin", and password: "(secret)',),
        ),
        ("\n".join(map(str, range(100))), tuple(map(str, range(88, 100)))),
        ("x" * 1000, ("x" * 400,)),
    ],
)
def test_what_is_shown(output: str, shown: tuple[str, ...]) -> None:
    assert last_lines(output.encode(), (PULL_SECRET,)) == shown


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_it_printed_around_a_secret_the_secret_is_not_shown(
    before: bytes, after: bytes
) -> None:
    shown = "".join(last_lines(before + PULL_SECRET.encode() + after, (PULL_SECRET,)))
    assert AUTH not in shown


@given(st.text(min_size=6, max_size=40))
def test_any_secret(secret: str) -> None:
    assert last_lines(secret.encode(errors="replace"), ["nothing else"]) is not None
    if secret.isprintable() and secret not in "(secret)":
        assert secret not in "".join(last_lines(f"<{secret}>".encode(), (secret,)))
