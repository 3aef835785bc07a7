from __future__ import annotations

from dataclasses import replace

import pytest

from harmony.modules.okd.cluster_names import OkdClusterNames
from harmony.modules.okd.cluster_names_check import RESERVED
from inventory.codes import Code
from inventory.host import Host
from tests.harmony.modules.okd.test_cluster_names import CP1, NAMES, SITE

pytestmark = pytest.mark.unit

FINDINGS = {
    "no name": (replace(NAMES, name="OKD"), Code.INVALID_OKD_NAME, "'OKD' is no name for a cluster"),
    "no domain": (
        replace(NAMES, base_domain="home."), Code.INVALID_OKD_NAME, "'home.' is no domain",
    ),
    "too long": (
        replace(NAMES, base_domain=".".join(["a" * 60] * 4)), Code.INVALID_OKD_NAME,
        f"'console-openshift-console.apps.okd.{'.'.join(['a' * 60] * 4)}' is too long for a name",
    ),
    "no address of the API": (
        replace(NAMES, api="api"), Code.INVALID_ADDRESS, "api 'api' is not an IPv4 address",
    ),
    "no address of the ingress": (
        replace(NAMES, ingress="10.7.0.06"), Code.INVALID_ADDRESS,
        "ingress '10.7.0.06' is not an IPv4 address",
    ),
    "a host without an address": (
        replace(NAMES, hosts=[CP1, Host("w2")]), Code.NODE_WITHOUT_ADDRESS,
        "host 'w2' has no address, so its name can't lead anywhere",
    ),
    "a host twice": (
        replace(NAMES, hosts=[CP1, CP1]), Code.DUPLICATE_NAME,
        "cp1.okd.home.example can't be a host's name",
    ),
    "a host that is called as the API": (
        replace(NAMES, hosts=[replace(CP1, name="api")]), Code.DUPLICATE_NAME,
        "api.okd.home.example can't be a host's name",
    ),
}  # fmt: skip


@pytest.mark.parametrize("names, code, message", FINDINGS.values(), ids=FINDINGS)
def test_findings(names: OkdClusterNames, code: Code, message: str) -> None:
    (finding,) = names.check(SITE)
    assert (finding.code, finding.message) == (code, message)
    assert finding.help


@pytest.mark.parametrize("name", RESERVED)
def test_names_that_are_the_clusters_own(name: str) -> None:
    (finding,) = replace(NAMES, hosts=[replace(CP1, name=name)]).check(SITE)
    assert (finding.code, finding.label) == (Code.DUPLICATE_NAME, "is the cluster's own")
