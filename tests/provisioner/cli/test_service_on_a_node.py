"""`provisioner install-service` on a machine of its own: the node image, with systemd and Debian's kernel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from provisioner.cli.known import NEEDED_BY_ALL
from provisioner.cli.places import StatePlace, cache_folder
from provisioner.cli.unit_file import DAEMON, SERVICE, USER
from provisioner.images.builders import builder
from provisioner.images.cache import Cache
from tests.provisioner.cli.installed_program import LABEL, PLACE, PYTHON, program_disk
from tests.provisioner.images.installed_image import ignition_config, installed_image
from tests.provisioner.images.node_machine import NodeMachine
from tests.structure.tree import ROOT

pytestmark = pytest.mark.boot

BOOT_SECONDS = 300.0  # on the reference machine
STATE = StatePlace(Path("/var/lib/harmony-provisioner"))
SCRIPT = f"""\
mkdir -p {PLACE}
mount -o ro LABEL={LABEL} {PLACE}
ip link add eth1 type veth peer name wire
ip address add 10.7.0.1/24 dev eth1
ip link set eth1 up
ip link set wire up
export HARMONY_CACHE={PLACE}/cache PYTHONDONTWRITEBYTECODE=1
provisioner() {{ {PYTHON} -m provisioner.cli.main "$@"; }}
provisioner install-service {PLACE}/site.py
until provisioner status --json | grep -q eth1; do sleep 1; done
user() {{ stat --format=%U "/proc/$(systemctl show --property=MainPID --value "$1")"; }}
mkdir -p {STATE.vault}
echo secret >{STATE.vault}/secrets
as_daemon() {{ setpriv --reuid={USER} --regid={USER} --clear-groups "$@"; }}
vault=$(as_daemon sh -c 'cat "$1" >&2 && echo open || echo closed' sh {STATE.vault}/secrets)
echo SERVED \
 active=$(systemctl is-active {DAEMON} {SERVICE} | tr '\\n' ',') \
 enabled=$(systemctl is-enabled {DAEMON} {SERVICE} | tr '\\n' ',') \
 users=$(user {DAEMON}),$(user {SERVICE}) \
 vault=$vault \
 failed=$(systemctl --failed --plain --no-legend | wc -l)
"""
UNIT = """\
[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=journal+console
StandardError=journal+console
ExecStart=-/bin/bash /etc/install.sh
ExecStart=/usr/bin/systemctl --force poweroff
[Install]
WantedBy=multi-user.target
"""


def test_it_is_enabled_and_serves_and_the_vault_is_closed_to_the_daemon(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    site = ROOT / "examples/first_boot.py"
    disk = program_disk(program, {"site.py": site, "cache": images(tmp_path / "cache")})
    config = ignition_config({"/etc/install.sh": SCRIPT}, {"install.service": UNIT})
    base = installed_image(tmp_path, config)
    machine = NodeMachine(base, tmp_path / "jump", "jump", "bios", BOOT_SECONDS, beside=(disk,))
    machine.insert_disk()
    console = machine.boot_until_off("first")
    said = re.findall(r"SERVED (.*?)\r?\n", console)
    assert len(said) == 1, console[-3000:]
    assert dict(word.split("=", 1) for word in said[0].split()) == {
        "active": "active,active,",
        "enabled": "enabled,enabled,",
        "users": f"{USER},root",
        "vault": "closed",
        "failed": "0",
    }


def images(folder: Path) -> Path:
    """A cache with what every site needs."""
    folder.mkdir()
    for name in NEEDED_BY_ALL:
        Cache(folder).adopt(builder(name).recipe, Cache(cache_folder()))
    return folder
