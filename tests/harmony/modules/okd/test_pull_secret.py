from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.pull_secret import WITHOUT_LOGIN, check_pull_secret

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("text", [WITHOUT_LOGIN, f"{WITHOUT_LOGIN}\n"])
def test_nothing_to_say(text: str) -> None:
    assert list(check_pull_secret(text)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "it is no JSON with auths"),
        ('{"auths": ...}', "it is no JSON with auths"),
        ('{"auths": {}}', "it is no JSON with auths"),
        ("[" * 5000, "it is no JSON with auths"),
        (
            '{"auths": {"quay.io": {}}}',
            "the entry of 'quay.io' has no auth that is USER:PASSWORD in base64",
        ),
        (
            '{"auths": {"quay.io": {"auth": "secret"}}}',
            "the entry of 'quay.io' has no auth that is USER:PASSWORD in base64",
        ),
        (
            '{"auths": {"quay.io": "secret"}}',
            "the entry of 'quay.io' has no auth that is USER:PASSWORD in base64",
        ),
    ],
)
def test_what_is_no_pull_secret(text: str, words: str) -> None:
    (found,) = check_pull_secret(text)
    assert (found.code, found.message) == ("HP0232", f"pullSecret: {words}")


@given(st.text())
def test_it_is_never_shown(text: str) -> None:
    assert all(len(text) < 3 or text not in one.message for one in check_pull_secret(text))
