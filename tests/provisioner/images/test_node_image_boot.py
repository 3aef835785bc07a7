"""The node's disk boots by itself, under BIOS and UEFI, and runs the real Ignition exactly once."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.provisioner.images.installed_image import data_url, ignition_config, installed_image
from tests.provisioner.images.node_machine import Firmware, NodeMachine, put_on_boot_partition

pytestmark = pytest.mark.boot

FIRMWARES: tuple[Firmware, ...] = ("bios", "uefi")
BOOT_SECONDS = 180.0  # of one boot, two machines side by side, on the reference machine
CUT_AT = "Ignition (files)"
HOSTNAME = "node-under-test"
SECRET = "nobody-should-read-this-on-a-console"

REPORT = """\
echo BOOTED \
 boot=$(findmnt --noheadings --output LABEL /boot || echo missing) \
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


# Longer than systemd itself waits for a device that is to be mounted.
LATE_SECONDS = 100
LATE_BOOT_PARTITION = f"""\
ACTION=="add", ENV{{ID_FS_LABEL}}=="NODEBOOT", PROGRAM="/usr/bin/sleep {LATE_SECONDS}"
"""


def _config(more: Mapping[str, str] | None = None) -> str:
    files = {
        "/etc/hostname": HOSTNAME,
        "/etc/written-by-ignition": "yes",
        "/etc/report.sh": REPORT,
        **(more or {}),
    }
    return ignition_config(files, {"report.service": UNIT})


def _refused_config() -> str:
    """Its one file isn't what it is declared to be; its text is a secret."""
    contents = {
        "source": data_url(SECRET),
        "verification": {"hash": "sha512-" + 128 * "0"},
    }
    file = {"path": "/etc/token", "contents": contents}
    return json.dumps({"ignition": {"version": "3.3.0"}, "storage": {"files": [file]}})


@dataclass(frozen=True, slots=True)
class Story:
    """What each boot of a firmware's two disks said: the second disk's first boot was cut off."""

    first: dict[str, str]
    second: dict[str, str]
    after_cut: dict[str, str]
    cut_console: str


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed but for its first boot."""
    return installed_image(tmp_path_factory.mktemp("base"), _config())


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


def _another(base: Path, folder: Path, config: str) -> NodeMachine:
    """A BIOS machine with another Ignition config."""
    raw = folder / "another.raw"
    subprocess.check_call(["cp", "--sparse=always", base, raw])
    put_on_boot_partition(raw, {"ignition/config.ign": config}, folder)
    machine = NodeMachine(raw, folder / "another", "another", "bios", BOOT_SECONDS)
    machine.insert_disk()
    return machine


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
        "boot": "NODEBOOT",
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


def test_a_boot_partition_that_shows_up_late_ends_the_first_boot_all_the_same(
    base: Path, tmp_path: Path
) -> None:
    told = f"echo UP $(cut -d. -f1 /proc/uptime)\n{REPORT}"
    late = {"/etc/udev/rules.d/99-late.rules": LATE_BOOT_PARTITION, "/etc/report.sh": told}
    console = _another(base, tmp_path, _config(late)).boot_until_off("late")
    ended = {"boot": "NODEBOOT", "flag": "gone", "config": "gone", "failed": "0"}
    assert ended.items() <= _said(console).items()
    assert [int(up) > LATE_SECONDS for up in re.findall(r"UP (\d+)", console)] == [True]


def test_a_first_boot_that_fails_says_why_on_the_console_but_no_secret(
    base: Path, tmp_path: Path
) -> None:
    console = _another(base, tmp_path, _refused_config()).boot_until_off("refused")
    why = console.partition("=== first boot failed; ")[2].partition("=== end")[0]
    assert "ignition-files.service" in why, console[-3000:]
    assert "hash verification failed" in why
    assert not {word for word in (SECRET, data_url(SECRET)) if word in console}
