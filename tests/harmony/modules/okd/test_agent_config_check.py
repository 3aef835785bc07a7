from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.agent_config import AgentConfig, AgentHost, Interface, RootDeviceHints
from harmony.modules.okd.agent_config_check import check_agent_config
from harmony.modules.okd.install_config import InstallConfig
from tests.harmony.modules.okd.agent_examples import AGENT, AGENT_CONFIGS, host
from tests.harmony.modules.okd.examples import AGENT_HA

pytestmark = pytest.mark.unit


def found(config: AgentConfig, beside: InstallConfig = AGENT_HA) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in check_agent_config(config, beside)]


def but(**sections: object) -> AgentConfig:
    return AGENT.model_copy(update=sections)


def first(**sections: object) -> AgentConfig:
    return but(hosts=(host("cp1", 11).model_copy(update=sections), *AGENT.hosts[1:]))


@pytest.mark.parametrize(
    "config",
    [AGENT, but(rendezvous_ip=None), but(hosts=()), first(network_config=None), first(role=None)],
)
def test_nothing_to_say(config: AgentConfig) -> None:
    assert found(config) == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (first(hostname="CP_1"), "hosts[0].hostname: 'CP_1' is no name of a node"),
        (
            first(hostname="localhost.localdomain"),
            "hosts[0].hostname: 'localhost.localdomain' is no name of a node",
        ),
        (first(hostname="cp2"), "hosts[1].hostname: 'cp2' is there twice"),
        (
            first(interfaces=()),
            "hosts[0].interfaces: is empty, so nothing says which machine it is",
        ),
        (
            first(interfaces=(Interface(name="a", mac_address="525400070011"),)),
            "hosts[0].interfaces[0].macAddress: '525400070011' is no MAC address",
        ),
        (
            first(interfaces=(Interface(name="a", mac_address="52-54-00-07-00-12"),)),
            "hosts[1].interfaces[0].macAddress: 52:54:00:07:00:12 is there twice",
        ),
        (
            first(
                interfaces=(
                    Interface(name="a", mac_address="52:54:00:07:00:31"),
                    Interface(name="a", mac_address="52:54:00:07:00:32"),
                )
            ),
            "hosts[0].interfaces: 'a' is there twice",
        ),
        (
            first(root_device_hints=RootDeviceHints(device_name="sda")),
            "hosts[0].rootDeviceHints.deviceName: 'sda' is no path of a disk",
        ),
        (
            but(boot_artifacts_base_url="10.7.0.1/okd"),
            "bootArtifactsBaseURL: '10.7.0.1/okd' is no http URL",
        ),
        (
            but(additional_ntp_sources=("ntp home",)),
            "additionalNTPSources[0]: 'ntp home' is neither an address nor a name",
        ),
        (
            but(hosts=(*AGENT.hosts, AgentHost(interfaces=host("x", 41).interfaces))),
            "hosts: there are 6, and install-config.yaml counts 5",
        ),
        (
            but(hosts=(*AGENT.hosts[:4], host("cp4", 14))),
            "hosts: 4 have the role master, and install-config.yaml counts 3",
        ),
    ],
)
def test_hosts_that_cannot_be(config: AgentConfig, message: str) -> None:
    assert found(config) == [("HP0234", message)]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (
            but(rendezvous_ip=None, hosts=()),
            "rendezvousIP: is not said, and no host's networkConfig has an address",
        ),
        (but(rendezvous_ip="cp1"), "rendezvousIP: 'cp1' is no address"),
        (
            but(rendezvous_ip="10.8.0.11"),
            "rendezvousIP: 10.8.0.11 is outside of networking.machineNetwork",
        ),
        (but(rendezvous_ip="10.7.0.21"), "rendezvousIP: 10.7.0.21 is that of w1, a worker"),
    ],
)
def test_a_rendezvous_that_no_host_can_have(config: AgentConfig, message: str) -> None:
    assert found(config) == [("HP0235", message)]


@given(AGENT_CONFIGS, st.from_type(InstallConfig))
def test_nothing_that_is_written_is_a_traceback(config: AgentConfig, beside: InstallConfig) -> None:
    assert all(one.message and one.help for one in check_agent_config(config, beside))


@pytest.mark.parametrize(
    "odd", [[], [1], [{"ipv4": []}], [{"ipv4": {"address": [{"ip": 1}]}}], "x"]
)
def test_nmstate_of_any_form_is_no_traceback(odd: object) -> None:
    assert found(first(network_config={"interfaces": odd})) == []
