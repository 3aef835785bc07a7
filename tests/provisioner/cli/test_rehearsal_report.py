"""The report of a rehearsal, made from what it left behind."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

import pytest

from inventory.contribution import Artifact
from inventory.host import Host, WakeOnLan
from inventory.rack import Switch
from inventory.site import Site
from kvm.acceleration import Acceleration
from kvm.machine import Virtualization
from provisioner.cli.marks import mark
from provisioner.cli.phases import Phase
from provisioner.cli.rehearsal_report import Evidence, report_of
from provisioner.cli.report import HostReport, Part, Reality, Report, ScoreReport
from tests.peers.served_site import LAN

pytestmark = pytest.mark.unit

W1, W2 = Host("w1", bmc=WakeOnLan()), Host("w2")
SCORE = ScoreReport("Namespace web", "success", "there", 1.0)
EVIDENCE = Evidence(
    site=Site("home", [LAN], [W1, W2]),
    declaration="ab" * 32,
    began=100.0,
    ended=160.0,
    until="done",
    hosts=("w1", "w2"),
    views={"w1": {"host": "w1", "state": "failed", "reason": "no disk"}},
    events=(mark("PoweredOn", "w1", 101.0), mark("DiscoverHeard", "w1", 131.0)),
    scores=(SCORE,),
    acceleration=Acceleration(Virtualization.EMULATION, "there is no /dev/kvm"),
    versions={"containerd": "1.6", "ipxe": "1.0.0", "linux-image-6.1": "6.1.1", "bash": "5"},
    installed={"qemu-system-x86": "7.2", "seabios": "1.16"},
    artifacts=(Artifact("vmlinuz", "cd" * 32, 1, "/cache/vmlinuz"),),
)
OURS = version("harmony-provisioner")


def test_the_whole_report() -> None:
    real, stand_in = Reality.REAL, Reality.STAND_IN
    assert report_of(EVIDENCE, "w1 is stuck") == Report(
        site="home",
        declaration="ab" * 32,
        product=OURS,
        began=100.0,
        seconds=60.0,
        passed=False,
        until="done",
        acceleration="there is no /dev/kvm",
        hosts=(
            HostReport(
                "w1",
                "failed",
                (Phase("firmware", 101.0, 30.0), Phase("network boot", 131.0, None)),
                "no disk",
            ),
            HostReport("w2", "unseen", ()),
        ),
        scores=(SCORE,),
        parts=(
            Part("DHCP, TFTP, HTTP, DNS: the daemon", real, OURS),
            Part("machines", Reality.EMULATED, "QEMU 7.2"),
            Part("firmware BIOS", real, "SeaBIOS 1.16"),
            Part("firmware UEFI", real, "OVMF ?"),
            Part("network boot program", real, "iPXE 1.0.0"),
            Part("power control", stand_in, "libvirt, for the declared way to power on"),
            Part("switch", stand_in, "a Linux bridge for each network"),
            Part("containerd", real, "1.6"),
            Part("linux-image-6.1", real, "6.1.1"),
            Part("vmlinuz", real, "", "cd" * 32),
        ),
        not_rehearsed=("WakeOnLan of w1",),
        failure="w1 is stuck",
    )


def test_with_kvm_machines_are_real() -> None:
    accelerated = Acceleration(Virtualization.KVM, "a probe machine has run with KVM")
    report = report_of(replace(EVIDENCE, acceleration=accelerated), "")
    assert (report.passed, report.parts[1].reality) == (True, Reality.REAL)


def test_what_was_left_out_is_said() -> None:
    site = Site("home", [LAN], [W1, W2], switches=[Switch("tor")])
    part = replace(EVIDENCE, site=site, hosts=("w1",), until="installed")
    assert report_of(part, "").not_rehearsed == (
        "WakeOnLan of w1",
        "host w2",
        "switch tor",
        "everything after installed",
    )
