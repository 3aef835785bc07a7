"""What is put on the boot partition, whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provisioner.agent.errors import InstallFailed
from provisioner.agent.first_boot_files import first_boot_files
from provisioner.agent.messages import DiskReport, Install

pytestmark = pytest.mark.unit

ORDER = Install(
    order="o1",
    disk=DiskReport("vda", 1),
    must_be_blank=True,
    image_url="/i",
    image_sha256="",
    image_size=1,
    ignition_url="/c",
    ignition_sha256="",
    report_url="http://10.7.0.1/first-boot/t",
    report_token="t",
    arguments="systemd.journald.forward_to_console=1 quiet",
)


def test_all_files() -> None:
    assert first_boot_files(ORDER, b"{}") == {
        "ignition/config.ign": b"{}",
        "ignition.firstboot": b'set ignition_args="rd.neednet=1 ip=dhcp"\n',
        "node-args.cfg": b'set node_args="systemd.journald.forward_to_console=1 quiet"\n',
        "harmony/report.json": b'{"url": "http://10.7.0.1/first-boot/t", "token": "t"}\n',
    }


def test_no_arguments_no_file() -> None:
    assert "node-args.cfg" not in first_boot_files(replace(ORDER, arguments=""), b"{}")


@pytest.mark.parametrize("bad", ['"', "\\", "$", "`", "\n", "\r", "\0"])
def test_what_grub_would_read_as_its_own_is_refused(bad: str) -> None:
    with pytest.raises(InstallFailed, match="GRUB"):
        first_boot_files(replace(ORDER, arguments=f"a={bad}"), b"{}")
