"""The optional parts of a cluster, and since which release each can be named.

Source: openshift/api, config/v1/types_cluster_version.go; the installer's own rules are in
openshift/installer, pkg/types/validation/installconfig.go.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from harmony.modules.okd.document import finding
from harmony.modules.okd.install_config import Capabilities
from harmony.modules.okd.release import Release
from inventory.codes import Code
from inventory.diagnostic import Diagnostic

_SINCE = {
    **dict.fromkeys(("baremetal", "marketplace", "openshift-samples", "MachineAPI"), 11),
    **dict.fromkeys(("Console", "Insights", "Storage", "CSISnapshot"), 12),
    "NodeTuning": 13,
    **dict.fromkeys(("Build", "DeploymentConfig", "ImageRegistry"), 14),
    **dict.fromkeys(("OperatorLifecycleManager", "CloudCredential"), 15),
    **dict.fromkeys(("Ingress", "CloudControllerManager"), 16),
    "OperatorLifecycleManagerV1": 18,
}
_FIRST_SET, _LAST_SET = 11, 18
_CURRENT = "vCurrent"


def check_capabilities(capabilities: Capabilities, release: Release) -> Iterator[Diagnostic]:
    chosen = capabilities.baseline_capability_set or _CURRENT
    sets = _sets(release)
    if chosen not in sets:
        yield _found(
            "baselineCapabilitySet",
            f"{release} has no set {chosen!r}",
            f"choose one of {', '.join(sets)}",
        )
        return
    more = capabilities.additional_enabled_capabilities
    for at, name in enumerate(more):
        if _SINCE.get(name, release.minor + 1) > release.minor:
            where = f"additionalEnabledCapabilities[{at}]"
            yield _found(where, f"{release} has no capability {name!r}", _near(name, release))
    yield from _indispensable({*sets[chosen], *more}, release)


def _sets(release: Release) -> dict[str, frozenset[str]]:
    """By name, what each set enables. The set of a release stays as it is for ever."""
    numbers = range(_FIRST_SET, min(release.minor, _LAST_SET) + 1)
    return {
        "None": frozenset[str](),
        **{f"v4.{number}": _until(number) for number in numbers},
        _CURRENT: _until(release.minor),
    }


def _until(minor: int) -> frozenset[str]:
    return frozenset(name for name, since in _SINCE.items() if since <= minor)


def _near(name: str, release: Release) -> str:
    known = sorted(_until(release.minor))
    low = {one.lower(): one for one in known}
    near = difflib.get_close_matches(name.lower(), low, n=1)
    return f"did you mean {low[near[0]]}?" if near else f"it has {', '.join(known)}"


def _indispensable(enabled: set[str], release: Release) -> Iterator[Diagnostic]:
    known = _until(release.minor)
    if "Ingress" in known - enabled:
        yield _missing("Ingress", "a cluster can't be without it")
    if "marketplace" in enabled and "OperatorLifecycleManager" in known - enabled:
        yield _missing("OperatorLifecycleManager", "marketplace needs it")


def _missing(name: str, why: str) -> Diagnostic:
    where = "additionalEnabledCapabilities"
    return _found(where, f"{name} is left out, and {why}", f"add {name}")


def _found(where: str, words: str, help: str) -> Diagnostic:
    return finding(Code.UNKNOWN_OKD_CAPABILITY, f"capabilities.{where}", words, help)
