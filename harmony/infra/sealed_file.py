"""One file whose content nobody reads without the key beside it: AES-256-GCM, written atomically.

    FILE      magic, 12 random bytes (the nonce of this writing), ciphertext with its tag
    FILE.key  32 random bytes

Both are 0600. The key is made together with the first content; content without its key is refused
and never overwritten. A crash at any point leaves the old content or the new one, whole.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from harmony.infra.errors import VaultUnusableError
from harmony.infra.whole_file import write_whole

_MAGIC = b"HARMONY-VAULT-1\n"
_NONCE = 12


class SealedFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._key_path = path.with_name(f"{path.name}.key")

    def read(self) -> bytes | None:
        """The content; None if nothing was ever written. Raises VaultUnusableError."""
        try:
            sealed = self._path.read_bytes()
        except FileNotFoundError:
            return None
        if not sealed.startswith(_MAGIC):
            raise VaultUnusableError(f"{self._path} is not a vault of this product")
        body = sealed[len(_MAGIC) :]
        try:
            return AESGCM(self._key()).decrypt(body[:_NONCE], body[_NONCE:], _MAGIC)
        except (InvalidTag, ValueError) as wrong:
            raise VaultUnusableError(
                f"{self._path} was not sealed with the key in {self._key_path}, or is damaged"
            ) from wrong

    def write(self, content: bytes) -> None:
        """Replace the content; it is on the disk when this returns."""
        if not self._path.exists() and not self._key_path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(self._key_path, os.urandom(32))
        nonce = os.urandom(_NONCE)
        sealed = AESGCM(self._key()).encrypt(nonce, content, _MAGIC)
        write_whole(self._path, _MAGIC + nonce + sealed)

    def _key(self) -> bytes:
        try:
            return self._key_path.read_bytes()
        except FileNotFoundError as missing:
            raise VaultUnusableError(
                f"{self._path} is there but its key {self._key_path} is not"
            ) from missing
