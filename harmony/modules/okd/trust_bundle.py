"""Certificates that nodes trust beside those of their system."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from harmony.modules.okd.document import finding
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+?)-----END \1-----\s*")


def check_trust_bundle(bundle: str) -> Iterator[Diagnostic]:
    kinds = [block[1] for block in _BLOCK.finditer(bundle) if _is_base64(block[2])]
    if "PRIVATE KEY" in bundle:
        words, help = "a private key is in it", "remove the key: nodes need certificates alone"
    elif not kinds or set(kinds) != {"CERTIFICATE"}:
        words = "there is no certificate in it" if not kinds else f"a {kinds[0]} is in it"
        help = "give certificates in PEM: -----BEGIN CERTIFICATE----- …"
    elif _BLOCK.sub("", bundle).strip():
        words, help = "there is more in it than certificates", "leave out what is between them"
    else:
        return
    yield finding(Code.INVALID_TRUST_BUNDLE, "additionalTrustBundle", words, help)


def _is_base64(text: str) -> bool:
    try:
        return bool(binascii.a2b_base64("".join(text.split()), strict_mode=True))
    except binascii.Error:
        return False
