"""SecretVault in one encrypted file: every secret is generated once and never again, or given."""

from __future__ import annotations

import fcntl
import secrets
import string
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import assert_never

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass
from typing_extensions import override

from harmony.domain.capability.secret_vault import (
    Certificate,
    CertificateAuthority,
    GivenSecret,
    Key,
    Secret,
    SecretKind,
    SecretQuery,
    SecretSpec,
    SecretVault,
    Token,
)
from harmony.domain.outcome import Change
from harmony.infra.certificates import (
    Made,
    nears_its_end,
    new_authority,
    new_certificate,
    new_key,
)
from harmony.infra.errors import SecretMismatchError, VaultUnusableError
from harmony.infra.sealed_file import SealedFile

_ALPHABET = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class _Kept:
    """A secret as it is in the file; `kind` is the class it was made as, `made_for` what a certificate
    was to be like."""

    kind: str
    private: str
    public: str
    made_for: Certificate | None = None


_Content = TypeAdapter(dict[str, _Kept])


class FileVault(SecretVault):
    """`path` is the encrypted file, its key is made beside it; `clock` gives epoch seconds.

    Several processes may use one vault: each asks and writes under a lock.
    """

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._file = SealedFile(path)
        self._lock_path = path.with_name(f"{path.name}.lock")
        self._clock = clock
        self._known: dict[str, _Kept] = {}

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        """Raises VaultUnusableError, AuthorityExpiredError, and SecretMismatchError if it is there as
        another kind."""
        if (kept := self._usable(spec)) is not None:
            return _secret(spec, kept, created=False)
        with self._locked():
            self._known = self._read()
            if (kept := self._usable(spec)) is not None:
                return _secret(spec, kept, created=False)
            private, public = self._new(spec.kind)
            made_for = spec.kind if isinstance(spec.kind, Certificate) else None
            made = _Kept(type(spec.kind).__name__, private, public, made_for)
            content = {**self._known, spec.name: made}
            self._file.write(_Content.dump_json(content))
            self._known = content
            return _secret(spec, made, created=True)

    @override
    async def ensure_given_secret(self, spec: GivenSecret) -> Change:
        """Raises VaultUnusableError, and SecretMismatchError if one is there that was generated."""
        wanted = _Kept(GivenSecret.__name__, spec.private, "")
        with self._locked():
            self._known = self._read()
            kept = self._known.get(spec.name, wanted)
            if kept.kind != wanted.kind:
                raise SecretMismatchError(
                    f"{spec.name} is a {kept.kind} that was generated in the vault: it is not replaced"
                )
            changed = self._known.get(spec.name) != wanted
            if changed:
                content = {**self._known, spec.name: wanted}
                self._file.write(_Content.dump_json(content))
                self._known = content
        return Change(changed, f"secret {spec.name} in the vault")

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        """Raises VaultUnusableError."""
        with self._locked():
            kept = self._read().get(query.name)
        return None if kept is None else Secret(query.name, kept.private, kept.public)

    def _usable(self, spec: SecretSpec) -> _Kept | None:
        """What is kept by that name, unless it has to be made (again)."""
        kept = self._known.get(spec.name)
        if kept is None:
            return None
        if kept.kind != type(spec.kind).__name__:
            raise SecretMismatchError(
                f"{spec.name} is a {kept.kind} in the vault, not a {type(spec.kind).__name__}"
            )
        if isinstance(spec.kind, Certificate) and self._is_outdated(spec.kind, kept):
            return None
        return kept

    def _is_outdated(self, wanted: Certificate, kept: _Kept) -> bool:
        _, authority = self._authority(wanted.ca)
        return kept.made_for != wanted or nears_its_end(kept.public, authority, self._clock())

    def _read(self) -> dict[str, _Kept]:
        content = self._file.read()
        return {} if content is None else _Content.validate_json(content)

    def _new(self, kind: SecretKind) -> Made:
        match kind:
            case Token():
                return "".join(secrets.choice(_ALPHABET) for _ in range(kind.length)), ""
            case Key():
                return new_key()
            case CertificateAuthority():
                return new_authority(kind, self._clock())
            case Certificate():
                return new_certificate(kind, self._authority(kind.ca), self._clock())
            case _:
                assert_never(kind)

    def _authority(self, name: str) -> Made:
        kept = self._known.get(name)
        if kept is None or kept.kind != CertificateAuthority.__name__:
            raise SecretMismatchError(f"the vault holds no CA named {name}")
        return kept.private, kept.public

    @contextmanager
    def _locked(self) -> Generator[None]:
        try:
            self._lock_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._lock_path.open("a") as lock:
                self._lock_path.chmod(0o600)
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            folder = self._lock_path.parent
            raise VaultUnusableError(f"the vault in {folder}: {error.strerror}") from error


def _secret(spec: SecretSpec, kept: _Kept, *, created: bool) -> Secret:
    return Secret(spec.name, kept.private, kept.public, created)
