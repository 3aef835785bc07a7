"""For fakes of a vault that is asked for nothing but what it generates."""

from __future__ import annotations

from typing_extensions import override

from harmony.domain.capability.secret_vault import (
    GivenSecret,
    Secret,
    SecretQuery,
    SecretVault,
)
from harmony.domain.outcome import Change


class GeneratingVault(SecretVault):
    @override
    async def ensure_given_secret(self, spec: GivenSecret) -> Change:
        raise NotImplementedError

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        raise NotImplementedError
