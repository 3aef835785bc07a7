from __future__ import annotations

import pytest

from harmony.modules.okd.capabilities import check_capabilities
from harmony.modules.okd.install_config import Capabilities
from harmony.modules.okd.release import release_of

pytestmark = pytest.mark.unit


def found(version: str, baseline: str | None, *more: str) -> list[tuple[str, str, str]]:
    capabilities = Capabilities(
        baseline_capability_set=baseline, additional_enabled_capabilities=more
    )
    release = release_of(version)
    return [
        (one.code, one.message, one.help[0]) for one in check_capabilities(capabilities, release)
    ]


@pytest.mark.parametrize(
    ("version", "baseline", "more"),
    [
        ("4.19", None, ()),
        ("4.19", "vCurrent", ("OperatorLifecycleManagerV1",)),
        ("4.19", "None", ("Ingress",)),
        ("4.14", "None", ("marketplace",)),
        ("4.15", "v4.15", ("baremetal",)),
        ("4.22", "v4.18", ()),
    ],
)
def test_nothing_to_say(version: str, baseline: str | None, more: tuple[str, ...]) -> None:
    assert found(version, baseline, *more) == []


@pytest.mark.parametrize(
    ("version", "baseline", "more", "message", "help"),
    [
        (
            "4.15",
            "v4.16",
            (),
            "capabilities.baselineCapabilitySet: OKD 4.15 has no set 'v4.16'",
            "choose one of None, v4.11, v4.12, v4.13, v4.14, v4.15, vCurrent",
        ),
        (
            "4.19",
            None,
            ("imageregistry",),
            "capabilities.additionalEnabledCapabilities[0]: OKD 4.19 has no capability"
            " 'imageregistry'",
            "did you mean ImageRegistry?",
        ),
        (
            "4.14",
            None,
            ("Ingress",),
            "capabilities.additionalEnabledCapabilities[0]: OKD 4.14 has no capability 'Ingress'",
            "it has Build, CSISnapshot, Console, DeploymentConfig, ImageRegistry, Insights,"
            " MachineAPI, NodeTuning, Storage, baremetal, marketplace, openshift-samples",
        ),
        (
            "4.19",
            "None",
            (),
            "capabilities.additionalEnabledCapabilities: Ingress is left out, and a cluster can't be"
            " without it",
            "add Ingress",
        ),
        (
            "4.19",
            "None",
            ("Ingress", "marketplace"),
            "capabilities.additionalEnabledCapabilities: OperatorLifecycleManager is left out, and"
            " marketplace needs it",
            "add OperatorLifecycleManager",
        ),
    ],
)
def test_what_a_release_does_not_have(
    version: str, baseline: str | None, more: tuple[str, ...], message: str, help: str
) -> None:
    assert found(version, baseline, *more) == [("HP0230", message, help)]
