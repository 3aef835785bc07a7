"""`provisioner install-service` on a machine that systemd has started."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.structure.tree import ROOT
from tests.systemd_machine import SystemdMachine, systemd_machine

pytestmark = pytest.mark.boot

SITE = str(ROOT / "examples/first_boot.py")
UNIT = "harmony-provisioner"


def shown(machine: SystemdMachine, *properties: str) -> dict[str, str]:
    names = ",".join(properties)
    lines = machine.run("systemctl", "show", UNIT, f"--property={names}").splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_it_is_enabled_runs_unprivileged_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    with systemd_machine(tmp_path, f"install-service-{os.getpid()}") as machine:
        said = machine.run("provisioner", "install-service", SITE)
        assert said.endswith(f"{UNIT}.service: installed, enabled and started\n")
        state = shown(machine, "ActiveState", "UnitFileState", "NRestarts", "MainPID")
        assert (state["ActiveState"], state["UnitFileState"]) == ("active", "enabled")
        assert state["NRestarts"] == "0"

        status = until_served(machine)
        assert "first-boot" in status
        granted = machine.run("grep", "CapBnd", f"/proc/{state['MainPID']}/status")
        assert granted.split()[1] == f"{1 << 10 | 1 << 12 | 1 << 13:016x}"

        again = machine.run("provisioner", "install-service", SITE)
        assert again.endswith(f"{UNIT}.service: as it was, and running\n")
        assert shown(machine, "MainPID") == {"MainPID": state["MainPID"]}

        machine.run("systemctl", "stop", UNIT)
        assert shown(machine, "Result", "ExecMainStatus") == {
            "Result": "success",
            "ExecMainStatus": "0",
        }


def until_served(machine: SystemdMachine) -> str:
    """What `provisioner status` says as soon as the daemon serves the site; within two minutes."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        status = machine.run("provisioner", "status", "--json", check=False)
        if "first-boot" in status:
            return status
        time.sleep(0.5)
    raise AssertionError(machine.run("journalctl", "--no-pager", f"--unit={UNIT}"))
