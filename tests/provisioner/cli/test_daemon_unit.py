from __future__ import annotations

import pytest

from provisioner.cli.daemon_unit import render
from provisioner.images.boot_programs import folder_in
from tests.provisioner.cli.units import SERVICE, settings

pytestmark = pytest.mark.unit

UNIT = render(SERVICE)


def test_it_runs_the_daemon_as_a_user_of_its_own() -> None:
    assert settings(UNIT, "Type") == ["notify"]
    assert settings(UNIT, "User") == ["harmony-provisioner"]
    assert settings(UNIT, "ExecStart") == [
        '"/root/venv/bin/python" "-m" "provisioner.daemon" '
        '"--state" "/var/lib/harmony-provisioner/daemon" "--boot-programs" '
        f'"{folder_in(SERVICE.cache)}" "--cache" "{SERVICE.cache}" "--admit-group"'
    ]


def test_it_has_two_of_the_networks_capabilities_and_no_others() -> None:
    two = ["CAP_NET_BIND_SERVICE CAP_NET_RAW"]
    assert settings(UNIT, "CapabilityBoundingSet") == two
    assert settings(UNIT, "AmbientCapabilities") == two


def test_of_the_state_there_is_nothing_but_its_own_folder() -> None:
    hidden = ['"/var/lib/harmony-provisioner:ro,mode=0755"']
    assert settings(UNIT, "TemporaryFileSystem") == hidden
    assert settings(UNIT, "BindPaths") == ['"/var/lib/harmony-provisioner/daemon"']
    assert settings(UNIT, "BindReadOnlyPaths") == ['"/root/venv" "/var/cache/harmony-provisioner"']
    assert settings(UNIT, "ProtectSystem") == ["strict"]
    assert settings(UNIT, "ProtectHome") == ["tmpfs"]


def test_it_is_named_after_its_site() -> None:
    assert settings(UNIT, "Description") == ["Harmony Provisioner: boot services of 50%%.py"]
