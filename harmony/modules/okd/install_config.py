"""install-config.yaml for machines that the operator provides: platform `none`.

Its secrets are references to the vault, and are put in their places only in the text that the installer
gets. The installer deletes the file as it reads it: whoever writes it keeps what it was made of.
Source: openshift/installer, pkg/types/installconfig.go; OKD's documentation, "Installation configuration
parameters for bare metal".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

from harmony.modules.okd.document import NotOfItsForm, Part, as_document, finding, read_document
from harmony.modules.okd.networking import Networking
from harmony.modules.okd.yaml_text import read_yaml, write_yaml
from inventory.codes import Code

FILE = "install-config.yaml"
_SECRETS = {"pullSecret": "pull_secret", "sshKey": "ssh_key"}


class SecretReference(Part):
    """A secret of the vault by its name, such as `okd/home/pull-secret`."""

    name: str


class Nothing(Part):
    """`{}`"""


class Metadata(Part):
    name: str


class Platform(Part):
    none: Nothing


class MachinePool(Part):
    name: Literal["master", "worker"]
    replicas: int | None = None
    architecture: Literal["amd64", "arm64", "ppc64le", "s390x"] | None = None
    hyperthreading: Literal["Enabled", "Disabled"] | None = None
    platform: Nothing | None = None


class BootstrapInPlace(Part):
    """A single machine installs itself out of its live system; `installation_disk` is a path."""

    installation_disk: str


class Capabilities(Part):
    baseline_capability_set: str | None = None
    additional_enabled_capabilities: tuple[str, ...] = ()


class Proxy(Part):
    http_proxy: str | None = None
    https_proxy: str | None = None
    no_proxy: str | None = None


class ImageDigestSource(Part):
    """Images of repository `source`, asked for by digest, are pulled from `mirrors` first."""

    source: str
    mirrors: tuple[str, ...] = ()
    source_policy: Literal["NeverContactSource", "AllowContactingSource"] | None = None


class ImageContentSource(Part):
    """The same under the name that it had before; the installer still takes it."""

    source: str
    mirrors: tuple[str, ...] = ()


class InstallConfig(Part):
    api_version: Literal["v1"] = "v1"
    base_domain: str
    metadata: Metadata
    control_plane: MachinePool | None = None
    compute: tuple[MachinePool, ...] = ()
    networking: Networking | None = None
    platform: Platform = Platform(none=Nothing())
    bootstrap_in_place: BootstrapInPlace | None = None
    pull_secret: SecretReference
    ssh_key: SecretReference | None = None
    fips: bool | None = None
    capabilities: Capabilities | None = None
    proxy: Proxy | None = None
    additional_trust_bundle: str | None = None
    additional_trust_bundle_policy: Literal["Proxyonly", "Always"] | None = None
    image_digest_sources: tuple[ImageDigestSource, ...] = ()
    image_content_sources: tuple[ImageContentSource, ...] = ()

    @property
    def domain(self) -> str:
        """The cluster's own: `api` and `*.apps` are below it."""
        return f"{self.metadata.name}.{self.base_domain}"


@dataclass(frozen=True, slots=True)
class ReadInstallConfig:
    """A file taken apart: `secrets` are the texts, by the names that stand for them."""

    config: InstallConfig
    secrets: Mapping[str, str] = field(repr=False)


def render_install_config(config: InstallConfig, secrets: Mapping[str, str]) -> str:
    """The file's text, with the secrets in it. KeyError if one of the config's is not in `secrets`."""
    document = as_document(config)
    for key, name in _SECRETS.items():
        reference: SecretReference | None = getattr(config, name)
        if reference is not None:
            document[key] = secrets[reference.name]
    return write_yaml(document)


def read_install_config(
    text: str, pull_secret: SecretReference, ssh_key: SecretReference
) -> ReadInstallConfig:
    """What a file says, its secrets taken out under these names. Raises NotYaml and NotOfItsForm."""
    document = read_yaml(text)
    secrets: dict[str, str] = {}
    if isinstance(document, dict):
        for key, reference in (("pullSecret", pull_secret), ("sshKey", ssh_key)):
            if key in document:
                secrets[reference.name] = _secret(key, document[key])
                document[key] = as_document(reference)
    return ReadInstallConfig(read_document(InstallConfig, document, FILE), secrets)


def _secret(key: str, written: JsonValue) -> str:
    if not isinstance(written, str):
        found = finding(
            Code.INVALID_OKD_FILE, f"{FILE}: {key}", "must be text", "put it in single quotes"
        )
        raise NotOfItsForm(f"{FILE} is not of its form", (found,))
    return written
