from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from typing_extensions import override

from harmony.domain.capability.secret_vault import Secret, SecretQuery, SecretSpec
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.revealed import Lacking, Revealed, UnusableSecrets, reveal
from tests.harmony.generating_vault import GeneratingVault
from tests.harmony.modules.okd.examples import COMPACT, PULL_SECRET, SECRETS, SSH_KEY

pytestmark = pytest.mark.unit

WITHOUT_KEY = COMPACT.model_copy(update={"ssh_key": None})


@dataclass
class Vault(GeneratingVault):
    texts: dict[str, str]

    @override
    async def ensure_secret(self, spec: SecretSpec) -> Secret:
        raise NotImplementedError

    @override
    async def observe_secret(self, query: SecretQuery) -> Secret | None:
        text = self.texts.get(query.name)
        return None if text is None else Secret(query.name, text)


def revealed(config: InstallConfig, **texts: str) -> Revealed | Lacking:
    return asyncio.run(reveal(Vault(texts), config))


def test_what_the_config_names() -> None:
    assert revealed(COMPACT, **SECRETS) == Revealed(SECRETS)
    only = {PULL_SECRET.name: SECRETS[PULL_SECRET.name]}
    assert revealed(WITHOUT_KEY, **SECRETS) == Revealed(only)
    assert "auths" not in repr(revealed(COMPACT, **SECRETS))


def test_what_the_vault_lacks() -> None:
    assert revealed(COMPACT) == Lacking((PULL_SECRET.name, SSH_KEY.name))
    assert revealed(WITHOUT_KEY) == Lacking((PULL_SECRET.name,))


@pytest.mark.parametrize("name", [PULL_SECRET.name, SSH_KEY.name])
def test_a_text_that_is_not_what_it_is_named_for(name: str) -> None:
    with pytest.raises(UnusableSecrets) as raised:
        revealed(COMPACT, **{**SECRETS, name: "hunter2"})
    (found,) = raised.value.diagnostics
    assert "hunter2" not in f"{raised.value} {found}"
