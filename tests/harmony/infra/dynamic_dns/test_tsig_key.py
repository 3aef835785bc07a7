from __future__ import annotations

import traceback
from base64 import b64decode

import pytest

from harmony.infra.dynamic_dns.tsig_key import TsigKey, read_key
from harmony.infra.errors import ZoneKeyRefusedError
from tests.peers.name_servers import KEY, SECRET

pytestmark = pytest.mark.unit

WRITTEN = {
    "as tsig-keygen writes it": KEY,
    "in one line": f"key harmony {{ algorithm HMAC-SHA256; secret {SECRET}; }};",
    "with a last dot": KEY.replace('"harmony"', '"Harmony."'),
}


@pytest.mark.parametrize("text", WRITTEN.values(), ids=WRITTEN)
def test_read(text: str) -> None:
    assert read_key(text, "dns") == TsigKey("harmony", "hmac-sha256", b64decode(SECRET))


REFUSED = {
    "empty": ("", "isn't one key"),
    "the secret alone": (SECRET, "isn't one key"),
    "two keys": (KEY + KEY, "isn't one key"),
    "no secret": (KEY.replace(SECRET, ""), "isn't one key"),
    "weak": (KEY.replace("hmac-sha256", "hmac-md5"), "one of hmac-sha256, hmac-sha384"),
    "no base64": (KEY.replace("==", "="), "not base64"),
}


@pytest.mark.parametrize("text, why", REFUSED.values(), ids=REFUSED)
def test_refused_without_a_word_of_the_secret(text: str, why: str) -> None:
    with pytest.raises(ZoneKeyRefusedError, match=f"secret dns .*{why}") as refused:
        read_key(text, "dns")
    assert SECRET[:8] not in "".join(traceback.format_exception(refused.value))


def test_a_secret_is_not_shown() -> None:
    assert (
        repr(TsigKey("k", "hmac-sha256", b"hush")) == "TsigKey(name='k', algorithm='hmac-sha256')"
    )
