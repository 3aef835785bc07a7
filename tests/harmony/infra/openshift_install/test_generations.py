"""Whatever happens in whatever order, what was kept stays as it was, a cluster's last generation its last."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    ObservedInstallationAssets,
)
from harmony.domain.capability.installed_machines import LastOrder, MachineCondition
from harmony.infra.openshift_install.errors import AssetsKeptError
from harmony.infra.openshift_install.installation_store import InstallationStore, Kept
from harmony.modules.okd.asset_age import Bootstrap
from harmony.modules.okd.asset_decision import Make, decide, of_older_assets, progress
from inventory.machine_state import MachineState
from tests.harmony.infra.openshift_install.programs import CLUSTER

pytestmark = pytest.mark.unit

HOSTS = ("boot", "cp1", "cp2")
DECLARATIONS = ("one", "other")


class Site(RuleBasedStateMachine):
    """A store and the decision over it, as the Score's passes use them."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.store = InstallationStore(self.folder)
        with self.store.locked(CLUSTER):
            self.now = 1_772_366_400.0
        self.declared = "one"
        self.machines: dict[str, MachineCondition] = {}
        self.made: dict[int, Kept] = {}
        self.settled = 0

    @override
    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def seen(self) -> ObservedInstallationAssets:
        kept = self.store.latest(CLUSTER)
        at = datetime.fromtimestamp(self.now, UTC)
        if kept is None:
            return ObservedInstallationAssets(at, None)
        made_at = datetime.fromtimestamp(kept.made_at, UTC)
        settled = self.store.is_settled(CLUSTER, kept.generation)
        of = (kept.generation, kept.version, kept.inputs_sha256, made_at, settled, kept.files)
        return ObservedInstallationAssets(at, InstallationAssets(CLUSTER, *of))

    @rule()
    def one_pass(self) -> None:
        seen, machines = self.seen(), tuple(self.machines.values())
        decision = decide(seen, self.declared, machines, "boot")
        if not isinstance(decision, Make):
            return
        assert not self.settled
        if seen.latest is not None:
            assert progress(seen.latest, machines, "boot") is Bootstrap.NOT_BEGUN
        content = {"master.ign": str(self.now).encode()}
        kept = Kept(decision.generation, "4.19", self.declared, self.now, content)
        self.store.keep(CLUSTER, kept)
        self.made[kept.generation] = kept
        again = decide(self.seen(), self.declared, machines, "boot")
        assert not isinstance(again, Make), "the second pass makes nothing"

    @rule(hours=st.floats(0.1, 30))
    def time_passes(self, hours: float) -> None:
        self.now += hours * 3600

    @rule(declared=st.sampled_from(DECLARATIONS))
    def declare(self, declared: str) -> None:
        self.declared = declared

    @rule(host=st.sampled_from(HOSTS), state=st.sampled_from(MachineState))
    def machine_is_ordered(self, host: str, state: MachineState) -> None:
        order = LastOrder(self.now, "image", "config")
        self.machines[host] = MachineCondition(host, state, order=order)

    @precondition(lambda self: bool(self.made))
    @rule(generation=st.integers(1, 3))
    def bootstrap_ends(self, generation: int) -> None:
        if generation == max(self.made):
            self.store.settle(CLUSTER, generation)
            self.settled = generation
        else:
            with pytest.raises(AssetsKeptError):
                self.store.settle(CLUSTER, generation)

    @rule(generation=st.integers(0, 5))
    def somebody_makes_another(self, generation: int) -> None:
        if generation != max(self.made, default=0) + 1 or self.settled:
            with pytest.raises(AssetsKeptError):
                self.store.keep(CLUSTER, Kept(generation, "4.19", "x", self.now, {}))

    @invariant()
    def what_was_kept_stays_as_it_was(self) -> None:
        assert {number: self.store.read(CLUSTER, number) for number in self.made} == self.made
        assert sorted(self.made) == list(range(1, len(self.made) + 1))

    @invariant()
    def a_cluster_keeps_what_it_came_out_of(self) -> None:
        if not self.settled:
            return
        latest = self.seen().latest
        assert latest is not None
        assert (latest.generation, latest.settled) == (self.settled, True)
        assert of_older_assets(latest, self.machines.values()) == ()


TestSite = Site.TestCase
TestSite.settings = settings(max_examples=200, stateful_step_count=25, deadline=None)
