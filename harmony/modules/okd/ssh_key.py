"""The public key of whoever may log in as `core`. Judged where it is revealed."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from harmony.modules.okd.document import finding
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

_LINE = re.compile(r"(?P<type>[a-z0-9@.-]+) (?P<key>[A-Za-z0-9+/]+={0,2})( [^\n]*)?\n?")
_APPROVED = re.compile(r"ecdsa-sha2-nistp[0-9]{3}|ssh-rsa")


def check_ssh_key(text: str, *, fips: bool) -> Iterator[Diagnostic]:
    line = _LINE.fullmatch(text)
    if "PRIVATE KEY" in text:
        words, help = "it is a private key", "give the file beside it, whose name ends in .pub"
    elif line is None or not _is_of_type(line["key"], line["type"]):
        words = "it is no public key"
        help = "give one line as in ~/.ssh/id_ed25519.pub: ssh-ed25519 AAAA… comment"
    elif fips and not _APPROVED.fullmatch(line["type"]):
        words = f"with fips: true, {line['type']} is not taken"
        help = "give an ECDSA or RSA key: ssh-keygen -t ecdsa"
    else:
        return
    yield finding(Code.INVALID_SSH_KEY, "sshKey", words, help)


def _is_of_type(key: str, type: str) -> bool:
    """A key's first field is its type's name again, with its length before it (RFC 4253, section 6.6)."""
    try:
        return base64.b64decode(key, validate=True).startswith(
            len(type).to_bytes(4, "big") + type.encode()
        )
    except ValueError:
        return False
