from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.machine_state import MachineState
from provisioner.agent.messages import NicReport
from provisioner.protocol.boot.machine import Machine
from provisioner.serve.known_machines import KnownMachines
from tests.provisioner.protocol.boot.values import REPORT

pytestmark = pytest.mark.unit

MACS = tuple(f"02:00:00:00:00:0{number}" for number in range(5))
macs = st.sampled_from(MACS)
reports = st.lists(macs, unique=True, max_size=3).map(
    lambda cards: replace(REPORT, nics=tuple(NicReport("eth", mac, "x", True) for mac in cards))
)
machines = st.builds(
    Machine,
    mac=macs,
    state=st.sampled_from(MachineState),
    since=st.integers(0, 9).map(float),
    token=st.just("t"),
    host=st.none() | st.sampled_from(["cp1", "w1"]),
    report=st.none() | reports,
)


@given(st.lists(machines), st.lists(machines | macs))
def test_it_finds_what_looking_at_all_of_them_would_find(
    first: list[Machine], then: list[Machine | str]
) -> None:
    by_mac = {one.mac: one for one in first}
    known, all_of_them = KnownMachines(by_mac.values()), dict(by_mac)
    for one in then:
        if isinstance(one, Machine):
            known[one.mac] = all_of_them[one.mac] = one
        elif one in all_of_them:
            del known[one]
            del all_of_them[one]
    assert dict(known) == all_of_them
    assert len(known) == len(all_of_them)
    for mac in MACS:
        having = {one.mac for one in all_of_them.values() if mac in one.macs}
        assert {one.mac for one in known.with_card(mac)} == having
    for host in ("cp1", "w1"):
        being = [one for one in all_of_them.values() if one.host == host]
        found = known.of_host(host)
        assert found in being if being else found is None
    heard = {one.mac for one in all_of_them.values() if one.state is MachineState.DISCOVERED}
    assert {one.mac for one in known.oldest_unreported()} == heard
    assert known.unreported == len(heard)


def test_those_that_were_only_heard_come_in_the_order_they_were_heard_in() -> None:
    late, early = (
        Machine(MACS[number], MachineState.DISCOVERED, since, "t")
        for number, since in ((0, 9.0), (1, 1.0))
    )
    assert list(KnownMachines([late, early]).oldest_unreported()) == [early, late]
