"""Passes of a cluster, one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from ipaddress import IPv4Network

import pytest
from typing_extensions import override

from harmony.domain.attempt import attempt
from harmony.domain.capability.boot_service import ArtifactsSpec
from harmony.domain.capability.power_control import PowerSpec
from harmony.domain.outcome import Change, Outcome, Status
from harmony.infra.errors import ContributionRefusedError, ServiceUnreachableError
from harmony.modules.kubernetes.cluster_interpret import ClusterInterpret
from harmony.modules.kubernetes.plan import ClusterPlan
from inventory.errors import HarmonyError
from inventory.machine_state import MachineState
from tests.harmony.modules.kubernetes.cluster_objects import node, node_csr, signing_request
from tests.harmony.modules.kubernetes.examples import CP1, W1, plan_of
from tests.harmony.modules.kubernetes.recording_site import RecordingSite

pytestmark = pytest.mark.unit

OWNER = "kubernetes-cluster/home"


class StaggeredSite(RecordingSite):
    """w1 is installed when cp1 is ready."""

    @override
    def _further(self, host: str) -> None:
        if host == "cp1" or self.states.get("cp1") is MachineState.READY:
            super()._further(host)


def one_pass(site: RecordingSite, plan: ClusterPlan | None = None) -> Outcome:
    return asyncio.run(ClusterInterpret(OWNER, plan or plan_of(), (CP1, W1)).execute(site))


def finished(site: RecordingSite) -> Outcome:
    """The last Outcome of as many passes as it takes."""
    while (outcome := one_pass(site)).status is Status.RUNNING:
        pass
    return outcome


def test_machines_are_powered_on_before_any_image_is_finished() -> None:
    site = RecordingSite(preparing={"node-image"})
    outcome = one_pass(site)
    assert (outcome.status, outcome.message) == (
        Status.RUNNING,
        "waiting for node-image, 61 %, about 2 min",
    )
    assert site.writes == ["power cp1", "power w1", "dns"]
    assert outcome.changed


def test_each_pass_says_what_it_waits_for() -> None:
    site = StaggeredSite()
    said: list[str] = []
    while (outcome := one_pass(site)).status is Status.RUNNING:
        said.append(outcome.message)
    assert said == [
        "waiting for cp1 (assigned)",
        "the API of home: connection refused",
        "waiting for Ready: cp1 (ready), w1 (assigned)",
        "waiting for Ready: w1 (installed)",
        "waiting for Ready: w1 (ready)",
    ]
    assert outcome.message == "cluster home: 2 nodes Ready"


def test_an_api_that_is_not_up_yet_is_waited_for() -> None:
    site = RecordingSite(refusals=1)
    one_pass(site)
    outcome = one_pass(site)
    assert (outcome.status, outcome.message) == (
        Status.RUNNING,
        "the API of home: connection refused",
    )


def test_a_failed_machine_is_told_with_its_reason() -> None:
    site = RecordingSite(powered={"cp1", "w1"})
    site.states["cp1"] = MachineState.FAILED
    assert one_pass(site).message == "waiting for cp1 (failed)"


def test_a_token_is_there_until_its_node_is_ready() -> None:
    site = StaggeredSite()
    for _ in range(3):
        one_pass(site)
    both = [f"bootstrap-token-{site.token(host).partition('.')[0]}" for host in ("cp1", "w1")]
    assert site.names("Secret") == sorted(both)
    one_pass(site)
    assert site.names("Secret") == [both[1]]


def test_a_node_that_falls_silent_is_waited_for() -> None:
    site = RecordingSite()
    finished(site)
    site.put(node("w1", ready=False))
    outcome = one_pass(site)
    assert outcome.message == "waiting for Ready: w1 (ready)"
    assert outcome.details == ("node w1: kubelet says so",)


def test_a_host_that_is_to_be_reinstalled_gets_its_ignition_anew_and_joins_again() -> None:
    site = RecordingSite()
    finished(site)
    before = site.orders["w1"]
    site.reinstall("w1")
    said = [one_pass(site).message for _ in range(3)]
    assert said == [
        "waiting for Ready: w1 (installed)",
        "waiting for Ready: w1 (ready)",
        "cluster home: 2 nodes Ready",
    ]
    assert site.orders["w1"] != before
    assert site.names("Secret") == []


def test_renewals_are_approved_and_what_stays_pending_is_told() -> None:
    site = RecordingSite()
    finished(site)
    signer, usages = "kubernetes.io/kube-apiserver-client-kubelet", ["client auth"]
    site.put(signing_request("renewal", signer, "system:node:w1", usages, node_csr("w1")))
    site.put(signing_request("odd", signer, "system:node:w1", usages, node_csr("w9")))
    assert one_pass(site).details == (
        "certificate request odd of system:node:w1 stays pending: "
        "no host 'w9' is declared in this cluster",
    )
    assert "approved renewal" in site.writes
    assert "approved odd" not in site.writes


class HinderedSite(RecordingSite):
    """Something stands in the way of what comes before the cluster's own part."""

    hindrance: HarmonyError | None = None
    at: str = ""

    def _hinder(self, at: str) -> None:
        if self.hindrance is not None and at == self.at:
            raise self.hindrance

    @override
    async def ensure_power(self, spec: PowerSpec) -> Change:
        self._hinder(f"power {spec.host.name}")
        return await super().ensure_power(spec)

    @override
    async def ensure_artifacts(self, spec: ArtifactsSpec) -> Change:
        self._hinder("artifacts")
        return await super().ensure_artifacts(spec)


def with_a_renewal(site: RecordingSite) -> None:
    """A cluster that is there, and w1 asks for its next certificate."""
    finished(site)
    signer, usages = "kubernetes.io/kube-apiserver-client-kubelet", ["client auth"]
    site.put(signing_request("renewal", signer, "system:node:w1", usages, node_csr("w1")))
    site.writes.clear()


@pytest.mark.parametrize(
    ("at", "hindrance", "status"),
    [
        ("artifacts", ContributionRefusedError("an artifact is not there"), Status.FAILURE),
        ("power w1", ServiceUnreachableError("the packet can't be sent"), Status.RUNNING),
    ],
)
def test_certificates_are_renewed_whatever_hinders_the_steps_before(
    at: str, hindrance: HarmonyError, status: Status
) -> None:
    site = HinderedSite()
    with_a_renewal(site)
    site.at, site.hindrance = at, hindrance
    interpret = ClusterInterpret(OWNER, plan_of(), (CP1, W1))
    outcome = asyncio.run(attempt(lambda: interpret.execute(site)))
    assert (outcome.status, outcome.message) == (status, str(hindrance))
    assert site.writes == ["approved renewal"]


def test_certificates_are_renewed_while_an_image_is_made_anew() -> None:
    site = RecordingSite()
    with_a_renewal(site)
    site.preparing.add("node-image")
    assert one_pass(site).message == "waiting for node-image, 61 %, about 2 min"
    assert site.writes == ["approved renewal"]


def test_certificates_are_renewed_while_the_control_planes_machine_counts_as_failed() -> None:
    site = RecordingSite()
    with_a_renewal(site)
    site.states["cp1"] = MachineState.FAILED
    assert one_pass(site).message == "waiting for cp1 (failed)"
    assert site.writes == ["approved renewal"]


def test_hosts_that_run_what_is_wanted_are_not_called_older() -> None:
    site = RecordingSite()
    assert finished(site).details == ()
    again = one_pass(site)
    assert (again.status, again.details) == (Status.NOOP, ())


def test_a_changed_declaration_is_told_of_each_host_that_runs_the_old_one() -> None:
    site = RecordingSite()
    finished(site)
    changed = replace(plan_of(), service_network=IPv4Network("10.112.0.0/12"))
    outcome = one_pass(site, changed)
    older = "cp1 runs an older config: `provisioner hosts reinstall cp1` brings the new one"
    assert older in outcome.details
    assert outcome.status.good

    site.reinstall("cp1")
    for _ in range(3):
        outcome = one_pass(site, changed)
    assert older not in outcome.details
