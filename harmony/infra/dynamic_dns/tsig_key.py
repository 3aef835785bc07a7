"""The key that updates are signed with (RFC 8945), as `tsig-keygen harmony` writes it:

    key "harmony" {
            algorithm hmac-sha256;
            secret "…";
    };

The name server has it already, so it is given to the vault and not made there; a declaration holds its
name in the vault only.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass, field

from harmony.infra.errors import ZoneKeyRefusedError

ALGORITHMS = ("hmac-sha256", "hmac-sha384", "hmac-sha512")
"""Those that RFC 8945, section 6, recommends, and that this product signs with."""
_FORM = re.compile(
    r"""^\s*key\s+"?(?P<name>[A-Za-z0-9._-]+)"?\s*\{\s*
        algorithm\s+"?(?P<algorithm>[A-Za-z0-9-]+)"?\s*;\s*
        secret\s+"?(?P<secret>[A-Za-z0-9+/=]+)"?\s*;\s*
        \}\s*;\s*$""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class TsigKey:
    """`secret` is the shared secret itself: never shown."""

    name: str
    algorithm: str
    secret: bytes = field(repr=False)


def read_key(text: str, secret_name: str) -> TsigKey:
    """`text` is that of the secret with this name. Raises ZoneKeyRefusedError, which never tells what is in
    it."""
    written = _FORM.match(text)
    if written is None:
        raise _unusable(secret_name, "it isn't one key as `tsig-keygen` writes it")
    if written["algorithm"].lower() not in ALGORITHMS:
        raise _unusable(secret_name, f"its algorithm must be one of {', '.join(ALGORITHMS)}")
    try:
        secret = b64decode(written["secret"], validate=True)
    except binascii.Error:
        raise _unusable(secret_name, "its secret is not base64") from None
    return TsigKey(written["name"].lower().rstrip("."), written["algorithm"].lower(), secret)


def _unusable(secret_name: str, why: str) -> ZoneKeyRefusedError:
    return ZoneKeyRefusedError(f"the secret {secret_name} can't be a name server's key: {why}")
