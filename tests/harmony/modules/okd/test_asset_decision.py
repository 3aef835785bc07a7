from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harmony.domain.capability.cluster_installer import (
    InstallationAssets,
    ObservedInstallationAssets,
)
from harmony.domain.capability.installed_machines import LastOrder, MachineCondition
from harmony.modules.okd.asset_age import Bootstrap
from harmony.modules.okd.asset_decision import (
    Ask,
    Decision,
    Keep,
    Make,
    decide,
    of_older_assets,
    of_these_assets,
    progress,
)
from inventory.machine_state import MachineState

pytestmark = pytest.mark.unit

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASSETS = InstallationAssets("okd.home.example", 3, "4.19", "declared", MADE, False, {})
BEFORE, SINCE = timedelta(hours=-1), timedelta(hours=1)


def machine(
    host: str, state: MachineState | None, ordered: timedelta | None = SINCE
) -> MachineCondition:
    order = None if ordered is None else LastOrder((MADE + ordered).timestamp(), "image", "config")
    return MachineCondition(host, state, order=order)


WAITING = machine("boot", MachineState.ASSIGNED, None)
BEGUN = machine("boot", MachineState.READY)
NODE = machine("cp1", MachineState.INSTALLED)
STAGES = {
    "not begun": (ASSETS, (WAITING, NODE)),
    "under way": (ASSETS, (BEGUN, NODE)),
    "complete": (replace(ASSETS, settled=True), (BEGUN, NODE)),
}


@pytest.mark.parametrize(
    ("stage", "hours", "digest", "decision"),
    [
        ("not begun", 0, "declared", Keep),
        ("not begun", 11.99, "declared", Keep),
        ("not begun", 12, "declared", Make),
        ("not begun", 24, "declared", Make),
        ("not begun", 2400, "declared", Make),
        ("not begun", 0, "other", Make),
        ("not begun", -1, "declared", Make),
        ("under way", 0, "declared", Keep),
        ("under way", 12, "declared", Keep),
        ("under way", 23.99, "declared", Keep),
        ("under way", 24, "declared", Ask),
        ("under way", 0, "other", Ask),
        ("under way", 13, "other", Ask),
        ("under way", -1, "declared", Ask),
        ("complete", 0, "declared", Keep),
        ("complete", 24, "declared", Keep),
        ("complete", 24_000, "declared", Keep),
        ("complete", 0, "other", Keep),
        ("complete", -1, "other", Keep),
    ],
)
def test_by_age(stage: str, hours: float, digest: str, decision: type[Decision]) -> None:
    assets, machines = STAGES[stage]
    seen = ObservedInstallationAssets(MADE + timedelta(hours=hours), assets)
    found = decide(seen, digest, machines, "boot")
    assert type(found) is decision
    if isinstance(found, Make):
        assert found.generation == 4


def test_none_were_made_yet() -> None:
    seen = ObservedInstallationAssets(MADE, None)
    assert decide(seen, "declared", (), "boot") == Make(1, "none were made yet")


def test_what_a_person_is_asked() -> None:
    seen = ObservedInstallationAssets(MADE + timedelta(hours=25), ASSETS)
    assert decide(seen, "declared", (BEGUN,), "boot") == Ask(
        "bootstrap is under way out of assets that won't carry it to its end: made 25 h 0 min ago, and"
        " certificates end after 24 h; `provisioner hosts reinstall boot` begins it again, out of new ones"
    )


def test_their_word_is_an_order_to_reinstall_the_machine_that_bootstraps() -> None:
    seen = ObservedInstallationAssets(MADE + timedelta(hours=25), ASSETS)
    for state in (MachineState.ASSIGNED, MachineState.INSTALLING):
        again = machine("boot", state, timedelta(hours=25))
        assert isinstance(decide(seen, "declared", (again, NODE), "boot"), Make)


@pytest.mark.parametrize(
    ("bootstrap", "found"),
    [
        (machine("boot", None, None), Bootstrap.NOT_BEGUN),
        (machine("boot", MachineState.ASSIGNED), Bootstrap.NOT_BEGUN),
        (machine("boot", MachineState.INSTALLING), Bootstrap.NOT_BEGUN),
        (machine("boot", MachineState.FAILED), Bootstrap.NOT_BEGUN),
        (machine("boot", MachineState.READY, BEFORE), Bootstrap.NOT_BEGUN),
        (machine("cp1", MachineState.READY), Bootstrap.NOT_BEGUN),
        (machine("boot", MachineState.INSTALLED), Bootstrap.UNDER_WAY),
        (machine("boot", MachineState.READY), Bootstrap.UNDER_WAY),
    ],
)
def test_how_far_it_is(bootstrap: MachineCondition, found: Bootstrap) -> None:
    assert progress(ASSETS, (bootstrap,), "boot") is found
    assert progress(replace(ASSETS, settled=True), (bootstrap,), "boot") is Bootstrap.COMPLETE


def test_who_was_installed_out_of_what() -> None:
    machines = (
        machine("unseen", None, None),
        machine("waiting", MachineState.ASSIGNED, BEFORE),
        machine("old-1", MachineState.READY, BEFORE),
        machine("old-2", MachineState.INSTALLING, BEFORE),
        machine("new-1", MachineState.INSTALLED, timedelta(0)),
        machine("new-2", MachineState.INSTALLING, SINCE),
    )
    assert of_older_assets(ASSETS, machines) == ("old-1", "old-2")
    assert of_these_assets(ASSETS, machines) == ("new-1", "new-2")
    assert of_older_assets(replace(ASSETS, settled=True), machines) == ()


@given(
    hours=st.floats(-100, 10_000),
    digest=st.sampled_from(["declared", "other"]),
    state=st.sampled_from(MachineState),
    ordered=st.floats(-100, 100),
)
def test_what_is_settled_is_kept_whatever_happens(
    hours: float, digest: str, state: MachineState, ordered: float
) -> None:
    seen = ObservedInstallationAssets(MADE + timedelta(hours=hours), replace(ASSETS, settled=True))
    boot = machine("boot", state, timedelta(hours=ordered))
    assert isinstance(decide(seen, digest, (boot,), "boot"), Keep)


@given(hours=st.floats(-100, 10_000), digest=st.sampled_from(["declared", "other"]))
def test_nothing_is_made_anew_under_a_running_bootstrap(hours: float, digest: str) -> None:
    seen = ObservedInstallationAssets(MADE + timedelta(hours=hours), ASSETS)
    assert not isinstance(decide(seen, digest, (BEGUN, NODE), "boot"), Make)
