from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from harmony.modules.okd.agent_config import AgentConfig, read_agent_config, render_agent_config
from harmony.modules.okd.document import NotOfItsForm
from harmony.modules.okd.yaml_text import read_yaml
from tests.harmony.modules.okd.agent_examples import AGENT, AGENT_CONFIGS

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent


def test_it_is_rendered_as_it_always_was() -> None:
    assert render_agent_config(AGENT) == (HERE / "golden" / "agent_config.yaml").read_text()


@pytest.mark.parametrize("name", ["agent_config", "agent_config_pxe"])
def test_a_published_example_is_said_again_unchanged(name: str) -> None:
    text = (HERE / "published" / f"{name}.yaml").read_text()
    assert read_yaml(render_agent_config(read_agent_config(text))) == read_yaml(text)


@given(AGENT_CONFIGS)
def test_what_is_written_is_read_back(config: AgentConfig) -> None:
    assert read_agent_config(render_agent_config(config)) == config


def test_nmstate_is_passed_on_as_it_is() -> None:
    text = "{apiVersion: v1beta1, kind: AgentConfig, hosts: [{networkConfig: {a: [], b: null}}]}"
    assert read_yaml(render_agent_config(read_agent_config(text))) == read_yaml(text)


def test_a_hint_that_does_not_exist() -> None:
    text = "{hosts: [{rootDeviceHints: {serial: x}}]}"
    with pytest.raises(NotOfItsForm) as refused:
        read_agent_config(text)
    assert refused.value.diagnostics[0].message.startswith(
        "agent-config.yaml: hosts[0].rootDeviceHints.serial: the installer knows no such key"
    )
