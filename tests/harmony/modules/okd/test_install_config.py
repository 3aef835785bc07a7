from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.document import NotOfItsForm
from harmony.modules.okd.install_config import (
    InstallConfig,
    SecretReference,
    read_install_config,
    render_install_config,
)
from harmony.modules.okd.yaml_text import read_yaml
from tests.harmony.modules.okd.examples import (
    AGENT_HA,
    COMPACT,
    EVERYTHING,
    IN_PLACE,
    PULL_SECRET,
    SECRETS,
    SINGLE_NODE,
    SSH_KEY,
)

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
PUBLISHED = ("upi", "restricted", "single_node_agent", "installers_test")
CONFIGS = {
    "single_node": SINGLE_NODE,
    "in_place": IN_PLACE,
    "compact": COMPACT,
    "agent_ha": AGENT_HA,
    "everything": EVERYTHING,
}


@pytest.mark.parametrize("name", CONFIGS)
def test_it_is_rendered_as_it_always_was(name: str) -> None:
    golden = (HERE / "golden" / f"{name}.yaml").read_text()
    assert render_install_config(CONFIGS[name], SECRETS) == golden


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_example_is_said_again_unchanged(name: str) -> None:
    text = (HERE / "published" / f"{name}.yaml").read_text()
    read = read_install_config(text, PULL_SECRET, SSH_KEY)
    assert read_yaml(render_install_config(read.config, read.secrets)) == read_yaml(text)


CONFIGS_OF_ANY_KIND = st.from_type(InstallConfig).map(
    lambda one: one.model_copy(
        update={"pull_secret": PULL_SECRET, "ssh_key": one.ssh_key and SSH_KEY}
    )
)


@given(CONFIGS_OF_ANY_KIND, st.text(st.characters(codec="utf-8")))
def test_what_is_written_is_read_back(config: InstallConfig, secret: str) -> None:
    secrets = {PULL_SECRET.name: secret, SSH_KEY.name: "ssh-ed25519 AAAA"}
    said = {one.name: secrets[one.name] for one in (config.pull_secret, config.ssh_key) if one}
    read = read_install_config(render_install_config(config, secrets), PULL_SECRET, SSH_KEY)
    assert (read.config, read.secrets) == (config, said)


def test_secrets_are_references_until_the_text_is_made() -> None:
    assert "aWQ6cGFzcwo" not in repr(EVERYTHING) + EVERYTHING.model_dump_json()
    text = render_install_config(EVERYTHING, SECRETS)
    assert "aWQ6cGFzcwo" in text
    assert "aWQ6cGFzcwo" not in repr(read_install_config(text, PULL_SECRET, SSH_KEY))


def test_a_secret_that_is_not_there_is_never_left_out() -> None:
    with pytest.raises(KeyError):
        render_install_config(COMPACT, {PULL_SECRET.name: "x"})


def test_it_knows_its_domain() -> None:
    assert COMPACT.domain == "okd.home.example"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "install-config.yaml: the whole: input should be"),
        ("pullSecret: {auths: {}}", "install-config.yaml: pullSecret: must be text"),
        (
            "{baseDomain: a, metadata: {name: b}, pullSecret: c, platform: {aws: {region: d}}}",
            "install-config.yaml: platform.none: field required",
        ),
        (
            "{baseDomain: a, metadata: {name: b}, pullSecret: c, networking: {networkType: Kuryr}}",
            "install-config.yaml: networking.networkType: input should be 'OVNKubernetes'",
        ),
        (
            "{baseDomain: a, metadata: {name: b}, pullSecret: c, compute: [{name: w, replicas: yes}]}",
            "install-config.yaml: compute[0].name: input should be 'master' or 'worker'",
        ),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, message: str) -> None:
    with pytest.raises(NotOfItsForm) as refused:
        read_install_config(text, SecretReference(name="a"), SecretReference(name="b"))
    assert refused.value.diagnostics[0].message.startswith(message)
