"""The node's disk boots by itself, under BIOS and UEFI, and runs the real Ignition exactly once."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioner.cli.places import cache_folder
from tests.provisioner.images.node_machine import (
    Firmware,
    NodeMachine,
    expand_image,
    put_on_boot_partition,
)

pytestmark = pytest.mark.boot

FIRMWARES: tuple[Firmware, ...] = ("bios", "uefi")
BOOT_SECONDS = 180.0  # of one boot, two machines side by side, on the reference machine
CUT_AT = "Ignition (files)"
HOSTNAME = "node-under-test"

REPORT = """\
echo BOOTED \
 flag=$(test -e /boot/ignition.firstboot && echo there || echo gone) \
 config=$(test -e /boot/ignition/config.ign && echo there || echo gone) \
 ignitions=$(journalctl -b -q --no-pager -o cat -t ignition | grep -c 'Stage: files') \
 hostname=$(cat /proc/sys/kernel/hostname) \
 data=$(cat /etc/written-by-ignition) \
 machine=$(cat /etc/machine-id) \
 gib=$(df --output=size -BG / | tail -n 1 | tr -d ' G') \
 failed=$(systemctl --failed --plain --no-legend | wc -l)
"""
UNIT = """\
[Unit]
After=multi-user.target node-firstboot-complete.service
[Service]
Type=oneshot
StandardOutput=journal+console
ExecStart=/bin/sh /etc/report.sh
ExecStart=/usr/bin/systemctl --force poweroff
[Install]
WantedBy=multi-user.target
"""


def _config() -> str:
    def file(path: str, text: str) -> dict[str, object]:
        contents = {"source": "data:;base64," + _base64(text)}
        return {"path": path, "overwrite": True, "mode": 0o644, "contents": contents}

    files = [
        file("/etc/hostname", HOSTNAME),
        file("/etc/written-by-ignition", "yes"),
        file("/etc/report.sh", REPORT),
    ]
    units = [{"name": "report.service", "enabled": True, "contents": UNIT}]
    return json.dumps(
        {
            "ignition": {"version": "3.3.0"},
            "storage": {"files": files},
            "systemd": {"units": units},
        }
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass(frozen=True, slots=True)
class Story:
    """What each boot of a firmware's two disks said: the second disk's first boot was cut off."""

    first: dict[str, str]
    second: dict[str, str]
    after_cut: dict[str, str]
    cut_console: str


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The node image out of the cache (built if it isn't there), installed but for its first boot."""
    folder = tmp_path_factory.mktemp("base")
    command = [sys.executable, "-m", "provisioner.images", "build", "node-image"]
    done = subprocess.run(
        [*command, "--cache", str(cache_folder())], stdout=subprocess.PIPE, text=True, check=False
    )
    last = json.loads(done.stdout.splitlines()[-1])
    assert done.returncode == 0, last
    raw = folder / "node.raw"
    expand_image(Path(last["artifacts"][0]["path"]), raw)
    put_on_boot_partition(raw, {"ignition/config.ign": _config()}, folder)
    return raw


@pytest.fixture(scope="module")
def stories(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Firmware, Story]:
    """Both firmwares side by side."""
    folder = tmp_path_factory.mktemp("machines")
    with ThreadPoolExecutor(len(FIRMWARES)) as pool:
        running: dict[Firmware, Future[Story]] = {
            fw: pool.submit(_live_through, base, folder, fw) for fw in FIRMWARES
        }
        return {firmware: story.result() for firmware, story in running.items()}


def _live_through(base: Path, folder: Path, firmware: Firmware) -> Story:
    calm = NodeMachine(
        base, folder / f"{firmware}-calm", f"{firmware}-calm", firmware, BOOT_SECONDS
    )
    calm.insert_disk()
    first = _said(calm.boot_until_off("first"))
    second = _said(calm.boot_until_off("second"))
    cut = NodeMachine(base, folder / f"{firmware}-cut", f"{firmware}-cut", firmware, BOOT_SECONDS)
    cut.insert_disk()
    console = cut.boot_and_cut("cut", CUT_AT)
    return Story(first, second, _said(cut.boot_until_off("again")), console)


def _said(console: str) -> dict[str, str]:
    reports = re.findall(r"BOOTED (.*?)\r?\n", console)
    assert len(reports) == 1, console[-3000:]
    return dict(word.split("=", 1) for word in reports[0].split())


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_the_first_boot_runs_ignition_once_and_ends_itself(
    stories: dict[Firmware, Story], firmware: Firmware
) -> None:
    said = stories[firmware].first
    assert len(said["machine"]) == 32
    assert {name: value for name, value in said.items() if name != "machine"} == {
        "flag": "gone",
        "config": "gone",
        "ignitions": "1",
        "hostname": HOSTNAME,
        "data": "yes",
        "gib": "8",
        "failed": "0",
    }


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_the_second_boot_runs_no_ignition_and_is_the_same_machine(
    stories: dict[Firmware, Story], firmware: Firmware
) -> None:
    story = stories[firmware]
    assert story.second == {**story.first, "ignitions": "0"}


@pytest.mark.parametrize("firmware", FIRMWARES)
def test_a_power_cut_during_ignition_is_survived(
    stories: dict[Firmware, Story], firmware: Firmware
) -> None:
    story = stories[firmware]
    assert "BOOTED" not in story.cut_console
    again = {**story.after_cut, "machine": story.first["machine"]}
    assert again == story.first
