from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.cli.service_unit import render
from tests.provisioner.cli.units import SERVICE, settings

pytestmark = pytest.mark.unit

UNIT = render(SERVICE)


def test_it_runs_the_command_that_joins_the_daemon() -> None:
    assert settings(UNIT, "Type") == ["notify"]
    assert settings(UNIT, "ExecStart") == [
        '"/root/venv/bin/python" "-m" "provisioner.cli.main" "serve" "/etc/harmony/50%%.py" '
        '"--state" "/var/lib/harmony-provisioner" "--join"'
    ]


def test_official_binaries_are_those_in_the_cache() -> None:
    folder = SERVICE.cache / "finished/kubernetes/0123"
    unit = render(replace(SERVICE, kubernetes_binaries=folder))
    (before,), (line,) = settings(UNIT, "ExecStart"), settings(unit, "ExecStart")
    assert line == f'{before} "--kubernetes-binaries" "{folder}"'


def test_it_has_none_of_the_networks_capabilities() -> None:
    assert settings(UNIT, "CapabilityBoundingSet") == ["CAP_DAC_READ_SEARCH"]
    assert settings(UNIT, "AmbientCapabilities") == []
    assert settings(UNIT, "RestrictAddressFamilies") == ["AF_UNIX AF_INET AF_INET6"]


def test_the_daemon_is_started_before_it_and_does_not_take_it_along() -> None:
    daemon = "network-online.target harmony-provisioner-daemon.service"
    assert (settings(UNIT, "Wants"), settings(UNIT, "After")) == ([daemon], [daemon])
    for stronger in ("Requires", "BindsTo", "PartOf"):
        assert settings(UNIT, stronger) == []


def test_it_writes_the_state_and_assets_and_reads_the_program_the_site_and_the_images() -> None:
    assert settings(UNIT, "BindPaths") == [
        '"/var/lib/harmony-provisioner" "-/var/cache/harmony-provisioner/assets"'
    ]
    assert settings(UNIT, "BindReadOnlyPaths") == [
        '"/root/venv" "/etc/harmony" "/var/cache/harmony-provisioner"'
    ]
    assert settings(UNIT, "Environment") == ['"HARMONY_CACHE=/var/cache/harmony-provisioner"']
