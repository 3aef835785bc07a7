from __future__ import annotations

import base64

import pytest

from harmony.modules.okd.ssh_key import check_ssh_key
from tests.harmony.modules.okd.examples import SECRETS, SSH_KEY

pytestmark = pytest.mark.unit


def key(type: str) -> str:
    name = len(type).to_bytes(4, "big") + type.encode()
    return f"{type} {base64.b64encode(name + bytes(33)).decode()} core@home"


@pytest.mark.parametrize(
    ("text", "fips"),
    [
        (SECRETS[SSH_KEY.name], False),
        (key("ssh-ed25519") + "\n", False),
        (key("sk-ssh-ed25519@openssh.com"), False),
        (key("ssh-rsa"), True),
        (key("ecdsa-sha2-nistp256"), True),
    ],
)
def test_nothing_to_say(text: str, fips: bool) -> None:
    assert list(check_ssh_key(text, fips=fips)) == []


@pytest.mark.parametrize(
    ("text", "fips", "words"),
    [
        ("", False, "it is no public key"),
        ("ssh-ed25519 AAAA...", False, "it is no public key"),
        (key("ssh-rsa").replace("ssh-rsa", "ssh-dsa"), False, "it is no public key"),
        (key("ssh-rsa") + "\n" + key("ssh-rsa"), False, "it is no public key"),
        ("-----BEGIN OPENSSH PRIVATE" + " KEY-----", False, "it is a private key"),
        (key("ssh-ed25519"), True, "with fips: true, ssh-ed25519 is not taken"),
    ],
)
def test_what_is_not_taken(text: str, fips: bool, words: str) -> None:
    (found,) = check_ssh_key(text, fips=fips)
    assert (found.code, found.message) == ("HP0233", f"sshKey: {words}")
