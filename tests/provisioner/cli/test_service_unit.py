from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.cli.service_unit import ServiceUnit, render

pytestmark = pytest.mark.unit

UNIT = ServiceUnit(
    program=Path("/opt/venv/bin/provisioner"),
    site_file=Path("/etc/harmony/site.py"),
    state=Path("/var/lib/harmony-provisioner"),
    cache=Path("/root/.cache/harmony-provisioner"),
)


def values(unit: ServiceUnit, key: str) -> list[str]:
    lines = render(unit).splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


def test_it_runs_the_command_a_person_would_run() -> None:
    assert values(UNIT, "Type") == ["notify"]
    assert values(UNIT, "ExecStart") == [
        '"/opt/venv/bin/provisioner" "serve" "/etc/harmony/site.py" '
        '"--state" "/var/lib/harmony-provisioner"'
    ]


def test_it_has_the_networks_capabilities_and_no_others() -> None:
    three = ["CAP_NET_ADMIN CAP_NET_RAW CAP_NET_BIND_SERVICE"]
    assert values(UNIT, "CapabilityBoundingSet") == three
    assert values(UNIT, "AmbientCapabilities") == three


def test_it_writes_to_its_state_and_its_cache_only() -> None:
    assert values(UNIT, "ProtectSystem") == ["strict"]
    assert values(UNIT, "ReadWritePaths") == [
        '"-/var/lib/harmony-provisioner" "-/root/.cache/harmony-provisioner"'
    ]


def test_a_path_is_never_read_as_a_specifier_a_variable_or_two_words() -> None:
    odd = ServiceUnit(UNIT.program, Path('/srv/50% of $x "a" site.py'), UNIT.state, UNIT.cache)
    assert '"/srv/50%% of $$x \\"a\\" site.py"' in values(odd, "ExecStart")[0]
    assert values(odd, "Description") == ['Harmony Provisioner: 50%% of $x "a" site.py']
