"""The secrets of an install-config, revealed for the text that the installer gets and for nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from harmony.domain.capability.secret_vault import SecretQuery, SecretVault
from harmony.modules.okd.install_config import InstallConfig
from harmony.modules.okd.pull_secret import check_pull_secret
from harmony.modules.okd.ssh_key import check_ssh_key
from inventory.diagnostic import Diagnostic
from inventory.errors import OperatorError


@dataclass(frozen=True, slots=True)
class Revealed:
    """`texts` by the names that stand for them."""

    texts: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lacking:
    """The names that the vault holds nothing by."""

    names: tuple[str, ...]


class UnusableSecrets(OperatorError):
    """A secret is not what the install-config names it for; its text is in no diagnostic."""


async def reveal(vault: SecretVault, config: InstallConfig) -> Revealed | Lacking:
    """Raises UnusableSecrets."""
    found: dict[str, str] = {}
    for name in _names(config):
        secret = await vault.observe_secret(SecretQuery(name))
        if secret is not None:
            found[name] = secret.private
    lacking = tuple(name for name in _names(config) if name not in found)
    if lacking:
        return Lacking(lacking)
    if wrong := tuple(_wrong(config, found)):
        raise UnusableSecrets(f"{config.domain} can't be installed with these secrets", wrong)
    return Revealed(found)


def _names(config: InstallConfig) -> Iterator[str]:
    yield config.pull_secret.name
    if config.ssh_key is not None:
        yield config.ssh_key.name


def _wrong(config: InstallConfig, texts: Mapping[str, str]) -> Iterator[Diagnostic]:
    yield from check_pull_secret(texts[config.pull_secret.name])
    if config.ssh_key is not None:
        yield from check_ssh_key(texts[config.ssh_key.name], fips=bool(config.fips))
