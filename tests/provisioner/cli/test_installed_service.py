"""`provisioner install-service` on a machine that systemd has started."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from provisioner.cli.places import StatePlace
from provisioner.cli.unit_file import DAEMON, SERVICE, USER
from tests.structure.tree import ROOT
from tests.systemd_machine import SystemdMachine, systemd_machine

pytestmark = pytest.mark.boot

SITE = str(ROOT / "examples/first_boot.py")
STATE = StatePlace(Path("/var/lib/harmony-provisioner"))
MAKE_A_SECRET = f"""
import asyncio, pathlib, time
from harmony.domain.capability.secret_vault import SecretSpec, Token
from harmony.infra.file_vault import FileVault
vault = FileVault(pathlib.Path("{STATE.vault}/secrets"), time.time)
asyncio.run(vault.ensure_secret(SecretSpec("token", Token())))
"""
READ_RAW_BIND_LOW_PORTS = 1 << 10 | 1 << 13
READ_ANY_FILE = 1 << 2


def test_two_units_each_with_what_it_needs_and_each_outliving_the_other(tmp_path: Path) -> None:
    with systemd_machine(tmp_path) as machine:
        said = machine.run("provisioner", "install-service", SITE)
        assert said.endswith(f"{SERVICE}: installed, enabled and started\n")
        until_served(machine)
        for unit in (DAEMON, SERVICE):
            state = shown(machine, unit, "ActiveState", "UnitFileState", "NRestarts")
            assert state == {"ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "0"}
        it_holds_no_more_rights_than_it_needs(machine)
        the_vault_is_closed_to_the_daemon(machine)
        each_outlives_the_other(machine)
        a_second_time_changes_nothing(machine)
        for unit in (SERVICE, DAEMON):
            machine.run("systemctl", "stop", unit)
            ended = shown(machine, unit, "Result", "ExecMainStatus")
            assert ended == {"Result": "success", "ExecMainStatus": "0"}


def it_holds_no_more_rights_than_it_needs(machine: SystemdMachine) -> None:
    for unit, user, bound in (
        (DAEMON, USER, READ_RAW_BIND_LOW_PORTS),
        (SERVICE, "root", READ_ANY_FILE),
    ):
        process = f"/proc/{pid(machine, unit)}"
        assert machine.run("stat", "--format=%U", process).strip() == user
        granted = machine.run("grep", "CapBnd", f"{process}/status")
        assert granted.split()[1] == f"{bound:016x}"


def the_vault_is_closed_to_the_daemon(machine: SystemdMachine) -> None:
    machine.run("python", "-c", MAKE_A_SECRET)
    secrets = str(STATE.vault / "secrets")
    machine.run("test", "-s", secrets)
    as_daemon = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")
    assert machine.run(*as_daemon, "cat", secrets, check=False).endswith("Permission denied\n")
    assert machine.run(*as_daemon, "ls", str(STATE.root), check=False).endswith("denied\n")
    inside = ("nsenter", f"--target={pid(machine, DAEMON)}", "--mount")
    assert machine.run(*inside, "ls", str(STATE.root)) == "daemon\n"


def each_outlives_the_other(machine: SystemdMachine) -> None:
    daemon, service = pid(machine, DAEMON), pid(machine, SERVICE)
    machine.run("systemctl", "kill", "--signal=KILL", DAEMON)
    until(machine, lambda: pid(machine, DAEMON) not in {"0", daemon})
    until_served(machine)
    assert pid(machine, SERVICE) == service

    daemon = pid(machine, DAEMON)
    machine.run("systemctl", "kill", "--signal=KILL", SERVICE)
    until_served(machine)
    until(machine, lambda: pid(machine, SERVICE) not in {"0", service})
    until(machine, lambda: shown(machine, SERVICE, "ActiveState") == {"ActiveState": "active"})
    assert pid(machine, DAEMON) == daemon


def a_second_time_changes_nothing(machine: SystemdMachine) -> None:
    before = (pid(machine, DAEMON), pid(machine, SERVICE))
    said = machine.run("provisioner", "install-service", SITE)
    assert said.endswith(f"{SERVICE}: as it was, and running\n")
    assert (pid(machine, DAEMON), pid(machine, SERVICE)) == before


def shown(machine: SystemdMachine, unit: str, *properties: str) -> dict[str, str]:
    names = ",".join(properties)
    lines = machine.run("systemctl", "show", unit, f"--property={names}").splitlines()
    return dict(line.split("=", 1) for line in lines)


def pid(machine: SystemdMachine, unit: str) -> str:
    """Of its main process; 0 if there is none."""
    return shown(machine, unit, "MainPID")["MainPID"]


def until_served(machine: SystemdMachine) -> None:
    """Returns as soon as the daemon serves the site's network."""

    def served() -> bool:
        status = machine.run("provisioner", "status", "--json", check=False)
        return "first-boot" in status and "eth1" in status

    until(machine, served)


def until(machine: SystemdMachine, happened: Callable[[], bool]) -> None:
    """Within two minutes; otherwise what both units said."""
    deadline = time.monotonic() + 120
    while not happened():
        if time.monotonic() > deadline:
            units = (f"--unit={DAEMON}", f"--unit={SERVICE}")
            raise AssertionError(machine.run("journalctl", "--no-pager", *units))
        time.sleep(0.5)
