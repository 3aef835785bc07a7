"""agent-config.yaml: what the agent-based installer is told beside the install-config.

It needs no bootstrap machine: a control plane, the rendezvous host, leads the others. `network_config` is
NMState, which is passed on as it is. Sources: OKD's documentation, "Available Agent configuration
parameters"; openshift/installer, pkg/types/agent/agent_config_type.go; for the hints "Root device hints".
"""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from harmony.modules.okd.document import Part, as_document, read_document
from harmony.modules.okd.install_config import Metadata
from harmony.modules.okd.yaml_text import read_yaml, write_yaml

FILE = "agent-config.yaml"


class Interface(Part):
    """The name that `network_config` calls a card by, whatever its machine calls it."""

    name: str
    mac_address: str


class RootDeviceHints(Part):
    """The first disk that all of them are true of is overwritten."""

    device_name: str | None = None
    hctl: str | None = None
    model: str | None = None
    vendor: str | None = None
    serial_number: str | None = None
    min_size_gigabytes: int | None = None
    wwn: str | None = None
    wwn_with_extension: str | None = None
    wwn_vendor_extension: str | None = None
    rotational: bool | None = None


class AgentHost(Part):
    hostname: str | None = None
    role: Literal["master", "worker"] | None = None
    interfaces: tuple[Interface, ...] = ()
    root_device_hints: RootDeviceHints | None = None
    network_config: dict[str, JsonValue] | None = None


class AgentConfig(Part):
    api_version: Literal["v1beta1", "v1alpha1"] = "v1beta1"
    kind: Literal["AgentConfig"] = "AgentConfig"
    metadata: Metadata | None = None
    rendezvous_ip: str | None = None
    boot_artifacts_base_url: str | None = None
    additional_ntp_sources: tuple[str, ...] = ()
    hosts: tuple[AgentHost, ...] = ()


def render_agent_config(config: AgentConfig) -> str:
    return write_yaml(as_document(config))


def read_agent_config(text: str) -> AgentConfig:
    """What a file says. Raises NotYaml and NotOfItsForm."""
    return read_document(AgentConfig, read_yaml(text), FILE)
