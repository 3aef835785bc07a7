"""libvirtd in a lab, which has its places to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kvm.lab.inside import python_inside

pytestmark = pytest.mark.protocol

ONCE_AND_AGAIN = """
import json, os, sys
from pathlib import Path
from kvm.host import LibvirtHost
from kvm.lab.libvirt_daemon import LibvirtDaemon
from kvm.machine import Hypervisor

def processes():
    return [Path(f"/proc/{name}/comm").read_text().strip() for name in os.listdir("/proc")
            if name.isdecimal()]

seen = []
for _ in range(2):
    with LibvirtDaemon(Path(sys.argv[1])):
        host = LibvirtHost(Hypervisor())
        seen.append([list(host.observe()), host.versions()["qemu"] != "", "libvirtd" in processes()])
        host.close()
    seen.append("libvirtd" in processes())
print(json.dumps(seen))
"""

REFUSED = """
import json, os, sys
from pathlib import Path
from inventory.errors import HarmonyError
from kvm.lab.libvirt_daemon import LibvirtDaemon
os.environ["PATH"] = sys.argv[1]
try:
    with LibvirtDaemon(Path(sys.argv[1]) / "log"):
        pass
except HarmonyError as refused:
    print(json.dumps([type(refused).__name__, str(refused)]))
"""


def test_it_answers_inside_the_context_and_has_ended_after_it(tmp_path: Path) -> None:
    assert python_inside(ONCE_AND_AGAIN, str(tmp_path / "libvirtd.log")) == [
        [[], True, True],
        False,
        [[], True, True],
        False,
    ]


def test_one_that_ends_at_once_is_told_with_its_last_words(tmp_path: Path) -> None:
    daemon = tmp_path / "libvirtd"
    daemon.write_text("#!/bin/sh\necho one\necho 'no driver' >&2\nexit 3\n")
    daemon.chmod(0o755)
    assert python_inside(REFUSED, str(tmp_path)) == [
        "LabDidNotStart",
        "libvirtd ended with status 3: one / no driver",
    ]


def test_without_libvirtd(tmp_path: Path) -> None:
    assert python_inside(REFUSED, str(tmp_path)) == [
        "LabLacksTool",
        "libvirtd is missing (Debian package libvirt-daemon)",
    ]
