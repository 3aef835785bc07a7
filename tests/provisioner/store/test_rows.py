"""Values as rows and back: whatever a machine may truthfully report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.machine_state import MachineState
from provisioner.agent.messages import DiskReport, HardwareReport, NicReport
from provisioner.ports import Event, EventsOf, SaveMachine
from provisioner.store.database import open_database
from provisioner.store.rows import read_all, read_events, write, write_events
from tests.provisioner.protocol.boot.values import MAC, machine

pytestmark = pytest.mark.unit

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
reports = st.builds(
    HardwareReport,
    boot_mac=texts,
    system_uuid=texts,
    serial=texts,
    vendor=texts,
    product=texts,
    firmware=st.sampled_from(["bios", "uefi"]),
    cpus=st.integers(),
    cpu_model=texts,
    memory=st.integers(),
    nics=st.lists(st.builds(NicReport, texts, texts, texts, st.booleans())).map(tuple),
    disks=st.lists(
        st.builds(DiskReport, texts, st.integers(), texts, content=st.lists(texts).map(tuple))
    ).map(tuple),
    clock_offset=st.floats(allow_nan=False, allow_infinity=False),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reports)
def test_any_report_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, report: HardwareReport
) -> None:
    database = open_database(tmp_path_factory.mktemp("rows") / "state.sqlite3")
    own = report.disks[0] if report.disks else None
    saved = machine(MachineState.INVENTORIED, report=report, own_disk=own)
    write(database, SaveMachine(saved))
    assert read_all(database).machines == (saved,)
    database.close()


def test_an_event_has_its_number_and_is_found_by_host_and_by_card(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state.sqlite3")
    event = Event(1.5, "OfferSent", MAC, None, {"address": "10.7.0.11", "again": False})
    (logged,) = write_events(database, [event])
    assert logged.event == event
    assert read_events(database, 0, EventsOf("cp1", (MAC,)), 10) == (logged,)
    assert read_events(database, 0, EventsOf("cp1"), 10) == ()
    assert read_events(database, logged.seq, None, 10) == ()
    database.close()


def test_long_words_of_an_event_keep_their_end(tmp_path: Path) -> None:
    database = open_database(tmp_path / "state.sqlite3")
    event = Event(1.5, "MachineFailed", MAC, None, {"evidence": "x" * 250_000 + "the end", "at": 7})
    (logged,) = write_events(database, [event])
    evidence = str(logged.event.detail["evidence"])
    assert len(evidence) == 4_098
    assert evidence.startswith("… xxx")
    assert evidence.endswith("xxxthe end")
    assert logged.event.detail["at"] == 7
    assert read_events(database, 0, None, 10) == (logged,)
    database.close()
