"""What is seen inside a lab, and that nothing of it is seen outside."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kvm.errors import LabDidNotStart
from kvm.lab.mounts import PRIVATE, is_hidden, make_mounts
from tests.kvm.lab.inside import ENTERING, ROOT, python_inside

pytestmark = pytest.mark.protocol

LIBVIRT = ("/etc/libvirt", "/var/lib/libvirt", "/var/cache/libvirt", "/var/log/libvirt")

LOOK = """
import json, os, pwd, grp
from pathlib import Path
kinds = {}
for line in Path("/proc/self/mounts").read_text().splitlines():
    _, place, kind, *_ = line.split()
    kinds[place] = kind
print(json.dumps({
    "run": os.listdir("/run"),
    "libvirt": {place: [kinds[place], os.listdir(place)] for place in LIBVIRT},
    "links": os.listdir("/sys/class/net"),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdecimal())[:2],
    "user": pwd.getpwnam("libvirt-qemu").pw_uid,
    "group": grp.getgrnam("libvirt-qemu").gr_name,
    "root": pwd.getpwnam("root").pw_uid,
    "resolver": Path("/etc/resolv.conf").read_text(),
}))
for place in (*LIBVIRT, "/run"):
    Path(place, "left-by-a-test").touch()
""".replace("LIBVIRT", repr(LIBVIRT))


def test_libvirts_places_are_empty_and_in_memory() -> None:
    accounts = Path("/etc/passwd").read_text()
    seen = python_inside(LOOK)
    assert seen["libvirt"] == {place: ["tmpfs", []] for place in LIBVIRT}
    assert PRIVATE.name in seen["run"]
    assert seen["links"] == ["lo"]
    assert seen["processes"][0] == 1
    assert (seen["group"], seen["root"]) == ("libvirt-qemu", 0)
    assert seen["user"] > 0
    assert seen["resolver"] == Path("/etc/resolv.conf").read_text()
    assert Path("/etc/passwd").read_text() == accounts
    for place in (*LIBVIRT, "/run"):
        assert not Path(place, "left-by-a-test").exists()
    assert not PRIVATE.exists()


def test_unpacked_packages_lie_over_usr(tmp_path: Path) -> None:
    program = tmp_path / "usr" / "bin" / "only-in-this-lab"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho unpacked\n")
    program.chmod(0o755)
    entering = (
        "import sys; from pathlib import Path; from kvm.lab.enter import enter;"
        "sys.exit(enter(sys.argv[2:], Path(sys.argv[1])))"
    )
    done = subprocess.run(
        (sys.executable, "-c", entering, str(tmp_path), "only-in-this-lab"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "unpacked\n", "")
    assert not Path("/usr/bin/only-in-this-lab").exists()


def test_folders_beside_a_supplied_one_stay_the_machines_own() -> None:
    """Where libvirt's places are missing, what the lab writes beside them outlives the lab."""
    script = f"""
        for parent in /var/lib /var/cache /var/log; do
          mount -t tmpfs tmpfs $parent
          mkdir -p $parent/beside/mounted
          mount -t tmpfs tmpfs $parent/beside/mounted
        done
        {shlex.join(ENTERING)} bash -ec '
          for parent in /var/lib /var/cache /var/log; do
            mountpoint -q $parent/libvirt
            echo written | tee $parent/beside/file $parent/beside/mounted/file >$parent/libvirt/file
          done'
        cat /var/*/beside/file /var/*/beside/mounted/file
        ls -d /var/*/libvirt || true
    """
    done = subprocess.run(
        ("unshare", "--mount", "bash", "-ec", script),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    nothing = "ls: cannot access '/var/*/libvirt': No such file or directory\n"
    assert (done.returncode, done.stdout, done.stderr) == (0, 6 * "written\n", nothing)


def test_the_words_of_mount_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusing = tmp_path / "mount"
    refusing.write_text("#!/bin/sh\necho 'permission denied' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LabDidNotStart, match=r"^mount --make-rprivate /: permission denied$"):
        make_mounts(None)


@pytest.mark.parametrize(
    ("path", "hidden"),
    [("/run/site.py", True), ("/var/lib/libvirt", True), ("/etc/site.py", False), ("/srv", False)],
)
def test_what_a_lab_does_not_see(path: str, hidden: bool) -> None:
    assert is_hidden(Path(path)) is hidden
