from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.modules.okd.install_config import (
    BootstrapInPlace,
    Capabilities,
    InstallConfig,
    MachinePool,
    Metadata,
    Proxy,
    read_install_config,
)
from harmony.modules.okd.install_config_check import Cluster, Way, check_install_config
from harmony.modules.okd.release import RELEASES, release_of
from tests.harmony.modules.okd.examples import (
    AGENT_HA,
    COMPACT,
    EVERYTHING,
    IN_PLACE,
    PULL_SECRET,
    SINGLE_NODE,
    SSH_KEY,
    cluster,
)

pytestmark = pytest.mark.unit

UPI, AGENT = Way.USER_PROVISIONED, Way.AGENT


def becomes(
    control_planes: int, workers: int = 0, way: Way = UPI, version: str = "4.19"
) -> Cluster:
    return Cluster(release_of(version), way, control_planes, workers)


def found(config: InstallConfig, cluster: Cluster) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in check_install_config(config, cluster)]


@pytest.mark.parametrize(
    ("name", "cluster"),
    [
        ("upi", becomes(3, 2)),
        ("single_node_agent", becomes(1, way=AGENT)),
        ("installers_test", becomes(5, 2, AGENT)),
    ],
)
def test_the_published_examples_are_sound(name: str, cluster: Cluster) -> None:
    text = (Path(__file__).parent / "published" / f"{name}.yaml").read_text()
    assert found(read_install_config(text, PULL_SECRET, SSH_KEY).config, cluster) == []


def but(config: InstallConfig, **sections: object) -> InstallConfig:
    return config.model_copy(update=sections)


@pytest.mark.parametrize(
    ("config", "cluster"),
    [
        (SINGLE_NODE, becomes(1)),
        (SINGLE_NODE, becomes(1, way=AGENT)),
        (IN_PLACE, becomes(1)),
        (COMPACT, becomes(3)),
        (COMPACT, becomes(3, way=AGENT)),
        (COMPACT, becomes(3, 4)),
        (AGENT_HA, becomes(3, 2, AGENT)),
        (cluster(5), becomes(5, 2, version="4.18")),
        (EVERYTHING, becomes(3, 2)),
        (but(AGENT_HA, control_plane=None, compute=()), becomes(3, 3, AGENT)),
    ],
)
def test_nothing_to_say(config: InstallConfig, cluster: Cluster) -> None:
    assert found(config, cluster) == []


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (but(COMPACT, metadata=Metadata(name="Home")), "metadata.name: 'Home' is no name"),
        (but(COMPACT, metadata=Metadata(name="a.b")), "metadata.name: 'a.b' is no name"),
        (but(COMPACT, base_domain="example."), "baseDomain: 'example.' is no domain"),
        (but(COMPACT, base_domain=""), "baseDomain: '' is no domain"),
    ],
)
def test_names_that_are_not_dns(config: InstallConfig, message: str) -> None:
    assert found(config, becomes(3)) == [("HP0222", message)]


def test_a_domain_that_leaves_no_room_for_names_below_it() -> None:
    long = ".".join(["a" * 60] * 4)[:222]
    ((code, message),) = found(but(COMPACT, base_domain=long), becomes(3))
    assert code == "HP0222"
    assert message.endswith("has 257 letters, and a name has 253 at most")


@pytest.mark.parametrize(
    ("config", "cluster", "message"),
    [
        (
            COMPACT,
            becomes(1),
            "controlPlane.replicas: 3 is not the number of machines that are booted, 1",
        ),
        (
            but(SINGLE_NODE, control_plane=None),
            becomes(1),
            "controlPlane.replicas: 3 is not the number of machines that are booted, 1",
        ),
        (
            cluster(2),
            becomes(2),
            "controlPlane.replicas: OKD 4.19 is not installed with 2 control planes",
        ),
        (
            cluster(5),
            becomes(5, version="4.17"),
            "controlPlane.replicas: OKD 4.17 is not installed with 5 control planes",
        ),
        (
            but(COMPACT, control_plane=MachinePool(name="worker", replicas=3)),
            becomes(3),
            "controlPlane.name: is 'worker'",
        ),
        (
            AGENT_HA,
            becomes(3, 2),
            "compute[0].replicas: 2 workers are awaited, and here machines join by themselves",
        ),
        (
            but(COMPACT, compute=()),
            becomes(3),
            "compute[0].replicas: nothing is said, which is 3: workers are awaited, and here machines"
            " join by themselves",
        ),
        (
            COMPACT,
            becomes(3, 2, AGENT),
            "compute[0].replicas: 0 is not the number of workers declared",
        ),
        (
            cluster(1, 1),
            becomes(1, 1, AGENT),
            "compute[0].replicas: the agent-based installer takes no workers beside a single control"
            " plane",
        ),
        (
            but(COMPACT, compute=(MachinePool(name="master", replicas=0),)),
            becomes(3),
            "compute: has another pool than worker",
        ),
        (
            but(
                COMPACT,
                compute=(MachinePool(name="worker", replicas=0, architecture="arm64"),),
            ),
            becomes(3),
            "compute[0].architecture: is another one than that of the control plane",
        ),
        (
            IN_PLACE,
            becomes(1, 1),
            "bootstrapInPlace: a machine that bootstraps in place is the only one of its cluster",
        ),
        (
            but(SINGLE_NODE, bootstrap_in_place=BootstrapInPlace(installation_disk="sda")),
            becomes(1),
            "bootstrapInPlace.installationDisk: 'sda' is no path of a disk",
        ),
    ],
)
def test_numbers_that_cannot_be(config: InstallConfig, cluster: Cluster, message: str) -> None:
    assert found(config, cluster) == [("HP0226", message)]


@pytest.mark.parametrize(
    ("config", "code"),
    [
        (but(COMPACT, proxy=Proxy(http_proxy="http://10.128.0.9")), "HP0228"),
        (but(COMPACT, capabilities=Capabilities(baseline_capability_set="v5")), "HP0230"),
        (but(COMPACT, additional_trust_bundle=""), "HP0231"),
        (but(COMPACT, networking=None), None),
    ],
)
def test_each_section_is_judged(config: InstallConfig, code: str | None) -> None:
    assert [one for one, _ in found(config, becomes(3))] == ([code] if code else [])


@given(
    st.from_type(InstallConfig),
    st.builds(
        Cluster,
        st.sampled_from(list(RELEASES.values())),
        st.sampled_from(Way),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
)
def test_nothing_that_is_written_is_a_traceback(config: InstallConfig, cluster: Cluster) -> None:
    assert all(one.message and one.help for one in check_install_config(config, cluster))
